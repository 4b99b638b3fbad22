using Crane.CraneFile.Model;

namespace Crane;

/// <summary>Host commands around a build, from <c>hooks</c> of a container or of a group that lists it.</summary>
public sealed record ContainerHook
{
    internal ContainerHook()
    {
    }

    /// <summary>Runs before the build; null for none.</summary>
    public string? PreBuild { get; internal init; }

    /// <summary>Runs after the build; null for none.</summary>
    public string? PostBuild { get; internal init; }

    internal static ContainerHook Of(SectionValues values) => new()
    {
        PreBuild = values.Text(nameof(PreBuild)),
        PostBuild = values.Text(nameof(PostBuild)),
    };

    /// <summary>The commands as a JSON object, so that a column of CSV keeps them.</summary>
    public override string ToString() => SectionText.Write(this);
}
