using System.Collections.ObjectModel;

namespace Crane;

/// <summary>Texts that still can be read where only one text fits: in a CSV column, say.</summary>
internal sealed class TextList(IList<string> items) : ReadOnlyCollection<string>(items)
{
    public static IReadOnlyList<string> Of(IReadOnlyList<string> items) => items as TextList ?? new TextList([.. items]);

    public override string ToString() => string.Join("; ", this);
}
