namespace Crane.Adapters.Building;

/// <summary>The shortest path that means the same, found without the disk: what Go calls <c>filepath.Clean</c>.</summary>
internal static class CleanPath
{
    /// <summary>
    /// Drops <c>.</c>, empty parts and slashes at the end, and each part that a <c>..</c> takes back; nothing left is <c>.</c>.
    /// </summary>
    public static string Of(string path)
    {
        var isRooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts is [.., not ".."])
                parts.RemoveAt(parts.Count - 1);
            else if (!isRooted)
                parts.Add(part);
        }

        var clean = string.Join('/', parts);
        return isRooted ? "/" + clean : clean.Length == 0 ? "." : clean;
    }
}
