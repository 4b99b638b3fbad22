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

    /// <summary>The commands in short.</summary>
    public override string ToString() => DirectiveText.Write(("pre-build", PreBuild), ("post-build", PostBuild));
}
