using System.Formats.Tar;
using System.Text;

namespace Crane.Adapters.Contexts;

/// <summary>
/// A folder as the context of a build: what of it is sent, and the archive that sends it. The archive is written while the
/// folder is read, one file after the other, so that a context of any size needs neither memory nor disk.
/// </summary>
internal sealed class BuildContext
{
    private const int BufferSize = 128 * 1024;

    private readonly DockerfileLocation _dockerfile;
    private readonly IgnoreRules _rules;
    private readonly byte[]? _ignoreFile;
    private readonly byte[]? _dockerfileContent;

    private BuildContext(
        string folder, DockerfileLocation dockerfile, IgnoreRules rules, byte[]? ignoreFile, byte[]? dockerfileContent) =>
        (Folder, _dockerfile, _rules, _ignoreFile, _dockerfileContent) = (folder, dockerfile, rules, ignoreFile, dockerfileContent);

    public string Folder { get; }

    /// <summary>The Dockerfile's name in the archive: the <c>dockerfile</c> parameter of the engine's API.</summary>
    public string Dockerfile => _dockerfile.Name;

    /// <summary>Full path of the Dockerfile on disk.</summary>
    public string DockerfilePath => _dockerfile.Path;

    /// <summary>
    /// Finds the Dockerfile and reads the rules of what to ignore: <c>NAME.dockerignore</c> beside a Dockerfile called NAME,
    /// else <c>.dockerignore</c> in the folder.
    /// </summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="file">The Dockerfile, relative to the folder; null for <c>Dockerfile</c>.</param>
    /// <param name="content">What is sent as the Dockerfile, under a name of its own; null for the file as it is.</param>
    /// <exception cref="CraneException">BuildFailed where one of them is missing, unreadable or invalid.</exception>
    public static BuildContext Open(string folder, string? file = null, byte[]? content = null)
    {
        var dockerfile = DockerfileLocation.Find(folder, file);
        if (content is not null && !dockerfile.IsOutside)
            dockerfile = dockerfile.Beside(folder);
        var own = IgnoreFile.Read(dockerfile.Path + IgnoreFile.Name);
        var isSharedIgnored = own is not null && own.Rules.Ignores(IgnoreFile.Name);
        var shared = isSharedIgnored ? null : IgnoreFile.Read(Path.Join(folder, IgnoreFile.Name));
        var used = (own ?? shared)?.Rules ?? IgnoreRules.None;
        var replacement = Replacement(dockerfile, used, shared);

        // docker always sends both. It needs the ignore file only where that is the one that counts.
        var sent = dockerfile.IsOutside ? used : used.Keeping(dockerfile.Name);
        sent = replacement is not null ? sent.Dropping(IgnoreFile.Name)
            : own is null ? sent.Keeping(IgnoreFile.Name)
            : sent;
        return new BuildContext(folder, dockerfile, sent, replacement, content);
    }

    /// <summary>
    /// Writes the archive. Where this throws, what has been written has no end mark: nobody can take it for whole.
    /// </summary>
    /// <param name="output">Gets the archive; stays open.</param>
    /// <param name="warn">Gets a message for each thing that cannot be sent and is left out.</param>
    /// <param name="cancellation">Ends the work between two reads.</param>
    /// <exception cref="CraneException">
    /// BuildFailed for a path that cannot be read, was removed, or changes while it is sent.
    /// </exception>
    public async Task WriteToAsync(Stream output, Action<string>? warn, CancellationToken cancellation)
    {
        // Disposed only where all went well: that writes the end mark. Neither holds anything that needs to be freed.
        var buffer = new BufferedStream(output, BufferSize);
        var writer = new TarWriter(buffer, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var entry in Entries())
        {
            cancellation.ThrowIfCancellationRequested();
            await using var sent = SentEntry.Open(entry);
            if (sent is null)
            {
                warn?.Invoke($"'{entry.Path}' is a socket, which cannot be sent with a build context. It is left out.");
                continue;
            }

            await writer.WriteEntryAsync(sent.Header, cancellation);
            await sent.EnsureUnchangedAsync(cancellation);
        }

        await writer.DisposeAsync();
        await buffer.FlushAsync(cancellation);
    }

    /// <summary>What is sent, in order.</summary>
    /// <exception cref="CraneException">BuildFailed for a folder that cannot be read or was removed.</exception>
    internal IEnumerable<ContextEntry> Entries()
    {
        if (_ignoreFile is not null)
            yield return new ContextEntry(IgnoreFile.Name, Path.Join(Folder, IgnoreFile.Name)) { Content = _ignoreFile };
        if (_dockerfile.IsOutside)
            yield return new ContextEntry(_dockerfile.Name, _dockerfile.Source) { Content = _dockerfileContent };
        foreach (var entry in new ContextWalk(Folder, _rules).Entries())
            yield return entry;
    }

    /// <summary>
    /// What the engine gets as <c>.dockerignore</c>; null where the file on disk is right as it is. It reads only that one file,
    /// and only to learn whether the Dockerfile and that file itself, which are always sent, are part of what the build sees.
    /// Where the rules come from the Dockerfile's own ignore file, or the Dockerfile from outside, the file on disk would tell it
    /// wrong.
    /// </summary>
    /// <param name="dockerfile">The Dockerfile.</param>
    /// <param name="used">The rules in force.</param>
    /// <param name="onDisk">The file on disk; null where it is absent, or ignored by the rules in force of another file.</param>
    private static byte[]? Replacement(DockerfileLocation dockerfile, IgnoreRules used, IgnoreFile? onDisk)
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
