using System.Text;

namespace Crane.Adapters.Building;

/// <summary>
/// What the engine gets as <c>.dockerignore</c>. It reads only that one file, and only to learn whether the Dockerfile and
/// that file itself, which are always sent, are part of what the build sees. Where the rules come from the Dockerfile's own
/// ignore file, or the Dockerfile from outside, the file on disk would tell it wrong.
/// </summary>
internal static class SentIgnoreFile
{
    /// <summary>What is sent in place of the file on disk; null where that is right as it is.</summary>
    /// <param name="dockerfile">The Dockerfile.</param>
    /// <param name="used">The rules in force.</param>
    /// <param name="onDisk">The file on disk; null where it is absent, or ignored by the rules in force of another file.</param>
    public static byte[]? Replacement(DockerfilePlace dockerfile, IgnoreRules used, IgnoreFile? onDisk)
    {
        var isHidden = dockerfile.IsOutside || used.Ignores(dockerfile.Name);
        List<string> lines = [];
        if (onDisk is null && isHidden)
            lines.Add(IgnoreFile.Name);
        else if (onDisk is not null && onDisk.Rules.Ignores(IgnoreFile.Name) && !used.Ignores(IgnoreFile.Name))
            lines.Add("!" + IgnoreFile.Name);
        if (isHidden != (onDisk?.Rules.Ignores(dockerfile.Name) ?? false))
            lines.Add((isHidden ? "" : "!") + Literal(dockerfile.Name));
        return lines.Count == 0 ? null
            : [.. onDisk?.Bytes ?? [], .. Encoding.UTF8.GetBytes($"\n{string.Join('\n', lines)}\n")];
    }

    // A pattern for that name and no other. An escaped letter may mean a class, and spaces at the ends are trimmed.
    private static string Literal(string name) => string.Concat(name.Select(character => character switch
    {
        ' ' => "[ ]",
        '/' => "/",
        < (char)128 when !char.IsAsciiLetterOrDigit(character) => $@"\{character}",
        _ => character.ToString(),
    }));
}
