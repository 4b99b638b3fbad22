using Crane.CraneFile.Model;

namespace Crane;

/// <summary>An image of a Dockerfile that the crane file declares: no builder may look for it in a public registry.</summary>
public sealed record DeclaredBase
{
    internal DeclaredBase()
    {
    }

    /// <summary>The image, as the Dockerfile writes it.</summary>
    public string Name { get; internal init; } = "";

    /// <summary>The container whose image it is; null where the Dockerfile pins another tag of that image.</summary>
    public string? Container { get; internal init; }

    /// <summary>Where it is pulled from; null where the crane file does not say, as of an image that is only built here.</summary>
    public string? PullReference { get; internal init; }

    internal static DeclaredBase Of(SectionValues values) => new()
    {
        Name = values.Text(nameof(Name)) ?? "",
        Container = values.Text(nameof(Container)),
        PullReference = values.Text(nameof(PullReference)),
    };

    /// <summary>All of it as a JSON object, so that it survives where only a text fits.</summary>
    public override string ToString() => SectionText.Write(this);
}
