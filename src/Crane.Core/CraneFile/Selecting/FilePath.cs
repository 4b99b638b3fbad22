namespace Crane.CraneFile.Selecting;

/// <summary>Paths of a crane file.</summary>
internal static class FilePath
{
    /// <summary>The full path of a path in a file of that folder, without a separator at its end.</summary>
    public static string Full(string path, string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));

    /// <summary>Whether a build context is an address that the builder fetches, by the rules of <c>docker build</c>.</summary>
    public static bool IsRemoteContext(string context) =>
        context.Contains("://", StringComparison.Ordinal)
        || context.StartsWith("git@", StringComparison.Ordinal)
        || context.StartsWith("github.com/", StringComparison.Ordinal);
}
