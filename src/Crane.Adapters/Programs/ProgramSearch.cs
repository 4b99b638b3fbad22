using Crane.Adapters.Credentials;

namespace Crane.Adapters.Programs;

/// <summary>Finds a program as a shell would, so that it can be run without one.</summary>
internal static class ProgramSearch
{
    /// <summary>The full path of a program on the environment's PATH; null where there is none, or the name is a path.</summary>
    public static string? Find(string name, DockerEnvironment environment)
    {
        if (name.AsSpan().ContainsAny('/', '\\'))
            return null;
        string[] endings = environment.IsWindows ? [".exe", ".cmd", ".bat"] : [""];
        var folders = (environment.Get("PATH") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return folders
            // An empty or relative entry means the current folder, where programs of others may lie.
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => endings, (folder, ending) => Path.Combine(folder, name + ending))
            .FirstOrDefault(File.Exists);
    }
}
