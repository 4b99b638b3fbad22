namespace Crane.Adapters.Building.Buildx;

/// <summary>How Buildx is run.</summary>
/// <param name="Path">Full path of the program.</param>
/// <param name="Arguments">What comes before Buildx's own arguments.</param>
internal sealed record BuildxProgram(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The command line as a person would write it.</summary>
    public override string ToString() => string.Join(' ', [Path, .. Arguments]);
}
