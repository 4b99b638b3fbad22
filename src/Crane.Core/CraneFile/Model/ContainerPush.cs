using Crane.CraneFile.Model;

namespace Crane;

/// <summary>The <c>push</c> section of a container.</summary>
public sealed record ContainerPush
{
    internal ContainerPush()
    {
    }

    /// <summary>Registry to push to, with an optional path prefix; null means the image's own.</summary>
    public string? Registry { get; internal init; }

    /// <summary>Replaces the path component before the last one; null means none.</summary>
    public string? OverrideUser { get; internal init; }

    /// <summary>Whether the image is never pushed.</summary>
    public bool Skip { get; internal init; }

    /// <summary>Tags to push under instead of the image's own; null means its own.</summary>
    public IReadOnlyList<string>? Tag { get; internal init => field = TextList.OfAny(value); }

    /// <summary>Whether it says where the image goes: a tag alone does not.</summary>
    internal bool IsDirective => !Skip && (Registry is { Length: > 0 } || OverrideUser is { Length: > 0 });

    internal static ContainerPush Of(SectionValues values) => new()
    {
        Registry = values.Text(nameof(Registry)),
        OverrideUser = values.Text(nameof(OverrideUser)),
        Skip = values.Flag(nameof(Skip)),
        Tag = values.Texts(nameof(Tag)),
    };

    /// <summary>The directives as in <c>registry=r.co; override_user=me; skip=true; tag=1,latest</c>; what CSV shows.</summary>
    public override string ToString() => DirectiveText.Write(
        this,
        ("registry", [Registry]),
        ("override_user", [OverrideUser]),
        ("skip", Skip ? ["true"] : null),
        ("tag", Tag));
}
