namespace Crane.Adapters.Building.Buildx;

/// <summary>How Buildx is run.</summary>
/// <param name="Path">Full path of the program.</param>
/// <param name="Arguments">What comes before Buildx's own arguments: none where the program is docker's plugin itself.</param>
internal sealed record BuildxProgram(string Path, IReadOnlyList<string> Arguments)
{
    // The first with a docker command line in it that reads DOCKER_AUTH_CONFIG.
    private static readonly Version FirstWithVariable = new(0, 26);

    /// <summary>Its version.</summary>
    public Version Version { get; init; } = new();

    /// <summary>Whether it reads the variable DOCKER_AUTH_CONFIG.</summary>
    public bool ReadsCredentialVariable => Version >= FirstWithVariable;

    /// <summary>Whether it is docker's plugin, and not docker that finds the plugin.</summary>
    public bool IsPlugin => Arguments.Count == 0;

    /// <summary>The command line as a person would write it.</summary>
    public override string ToString() => string.Join(' ', [Path, .. Arguments]);
}
