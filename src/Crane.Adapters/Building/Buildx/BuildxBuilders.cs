using Crane.Adapters.Machine;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The builders of this user: a file for each in the folder of Buildx's configuration, which is BUILDX_CONFIG, else
/// <c>buildx</c> in docker's (https://docs.docker.com/build/building/variables/#buildx_config).
/// </summary>
internal static class BuildxBuilders
{
    /// <summary>Their names, ordered; empty where they cannot be read.</summary>
    public static IReadOnlyList<string> Names(DockerEnvironment environment)
    {
        var folder = environment.Get("BUILDX_CONFIG") ?? Path.Combine(environment.ConfigFolder, "buildx");
        try
        {
            // Files whose name begins with a dot are unfinished.
            return [.. Directory.EnumerateFiles(Path.Combine(folder, "instances"))
                .Select(file => Path.GetFileName(file))
                .Where(name => !name.StartsWith('.'))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
