namespace Crane.CraneFile.Model;

/// <summary>A list of sections that survives a column of CSV: there it is written as a JSON array.</summary>
internal sealed class SectionList<T>(IList<T> items) : ValueList<T>(items)
{
    /// <summary>The list, or null where it is null or empty.</summary>
    public static IReadOnlyList<T>? OfAny(IReadOnlyList<T>? items) =>
        items is { Count: > 0 } ? items as SectionList<T> ?? new SectionList<T>([.. items]) : null;

    public override string ToString() => SectionText.Write(this);
}
