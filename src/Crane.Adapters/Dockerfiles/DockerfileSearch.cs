namespace Crane.Adapters.Dockerfiles;

/// <summary>Finds the Dockerfiles in a folder and the folders in it.</summary>
internal static class DockerfileSearch
{
    // Deeper ones are seldom a part of the stack.
    private const int DepthLimit = 4;

    private static readonly HashSet<string> Foreign =
        new(StringComparer.OrdinalIgnoreCase) { "node_modules", "vendor", "bin", "obj", "target" };

    /// <summary>Full paths, a folder's own before those of the folders in it. Hidden folders, and those of packages, are left out.</summary>
    public static IReadOnlyList<string> In(string folder) => [.. In(new DirectoryInfo(folder), 0)];

    private static IEnumerable<string> In(DirectoryInfo folder, int depth)
    {
        var options = new EnumerationOptions
        {
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        foreach (var file in folder.EnumerateFiles("Dockerfile*", options).OrderBy(file => file.Name, StringComparer.Ordinal))
            if (Path.GetFileNameWithoutExtension(file.Name) == "Dockerfile" && file.Extension is not ".dockerignore")
                yield return file.FullName;
        if (depth == DepthLimit)
            yield break;
        foreach (var inner in folder.EnumerateDirectories("*", options).OrderBy(inner => inner.Name, StringComparer.Ordinal))
            if (!Foreign.Contains(inner.Name) && !inner.Name.StartsWith('.'))
                foreach (var file in In(inner, depth + 1))
                    yield return file;
    }
}
