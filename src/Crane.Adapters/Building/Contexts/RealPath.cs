namespace Crane.Adapters.Building;

/// <summary>Where a path ends once every symbolic link in it is followed. .NET follows only the last part's.</summary>
internal static class RealPath
{
    // What Linux allows; more is taken for a circle.
    private const int MostLinks = 40;

    /// <summary>Resolves a full path. Parts that do not exist stay as they are; null where links lead in a circle.</summary>
    public static string? Of(string path)
    {
        var resolved = Path.GetPathRoot(path)!;
        var parts = new Stack<string>();
        Push(parts, path[resolved.Length..]);
        for (var links = 0; parts.TryPop(out var part);)
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            var next = Path.Combine(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MostLinks)
                return null;
            if (Path.IsPathRooted(target))
                resolved = Path.GetPathRoot(target)!;
            Push(parts, Path.IsPathRooted(target) ? target[resolved.Length..] : target);
        }

        return resolved;
    }

    private static void Push(Stack<string> parts, string path)
    {
        foreach (var part in Enumerable.Reverse(path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar])))
            if (part is not ("" or "."))
                parts.Push(part);
    }
}
