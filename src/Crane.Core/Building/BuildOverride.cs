namespace Crane.Building;

/// <summary>What a user says for one run about how images are built; it wins over what the crane file says.</summary>
internal sealed record BuildOverride
{
    /// <summary>Further build arguments, <c>NAME=value</c> or <c>NAME</c>.</summary>
    public IReadOnlyList<string> Argument { get; init; } = [];

    /// <summary>The stage to build; null keeps that of the crane file.</summary>
    public string? Target { get; init; }

    /// <summary>The network of RUN steps; null keeps that of the crane file.</summary>
    public string? Network { get; init; }

    /// <summary>The platforms to build for; empty keeps those of the crane file.</summary>
    public IReadOnlyList<string> Platform { get; init; } = [];

    /// <summary>How an image is built in this run.</summary>
    public ContainerBuild ApplyTo(ContainerBuild build) => build with
    {
        // Of two arguments with one name builders take the last.
        Argument = [.. build.Argument ?? [], .. Argument],
        Target = Target ?? build.Target,
        Network = Network ?? build.Network,
        Platform = Platform.Count > 0 ? Platform : build.Platform,
    };
}
