using Crane.CraneFile.Model;

namespace Crane;

/// <summary>The <c>pull</c> section of a container.</summary>
public sealed record ContainerPull
{
    internal ContainerPull()
    {
    }

    /// <summary>Registry to pull from, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>Whether it says where the image is.</summary>
    internal bool IsDirective => Registry is { Length: > 0 } || OverrideUser is { Length: > 0 };

    internal static ContainerPull Of(SectionValues values) => new()
    {
        Registry = values.Text(nameof(Registry)),
        OverrideUser = values.Text(nameof(OverrideUser)),
    };

    /// <summary>The directives as in <c>registry=r.co; override_user=me</c>; what CSV shows.</summary>
    public override string ToString() => DirectiveText.Write(this, ("registry", [Registry]), ("override_user", [OverrideUser]));
}
