using System.Formats.Tar;
using System.Text;

namespace Crane.Adapters.Contexts;

/// <summary>
/// A folder as a build context: which of its files are sent, and their archive. The archive is written while the folder is read,
/// file by file, so that a context of any size needs neither memory nor disk.
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

    /// <summary>The name of the Dockerfile in the archive: the <c>dockerfile</c> parameter of the engine's API.</summary>
    public string Dockerfile => _dockerfile.Name;

    /// <summary>The full path of the Dockerfile on disk.</summary>
    public string DockerfilePath => _dockerfile.Path;

    /// <summary>
    /// Finds the Dockerfile and reads the ignore rules: <c>NAME.dockerignore</c> beside a Dockerfile called NAME, else
    /// <c>.dockerignore</c> in the folder.
    /// </summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="file">The Dockerfile, relative to the folder; null for <c>Dockerfile</c>.</param>
    /// <param name="content">The Dockerfile to send instead, under another name; null for the file itself.</param>
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

        // docker always sends both. It needs the ignore file only where that is the one in use.
        var sent = dockerfile.IsOutside ? used : used.Keeping(dockerfile.Name);
        sent = replacement is not null ? sent.Dropping(IgnoreFile.Name)
            : own is null ? sent.Keeping(IgnoreFile.Name)
            : sent;
        return new BuildContext(folder, dockerfile, sent, replacement, content);
    }

    /// <summary>Writes the archive. After an exception, the end mark is missing: nobody takes it for complete.</summary>
    /// <param name="output">Receives the archive; stays open.</param>
    /// <param name="warn">Receives a message for each entry that cannot be sent and is skipped.</param>
    /// <param name="cancellation">Cancels it between two reads.</param>
    /// <exception cref="CraneException">
    /// BuildFailed for a path that cannot be read, was removed, or changes during the transfer.
    /// </exception>
    public async Task WriteToAsync(Stream output, Action<string>? warn, CancellationToken cancellation)
    {
        // Disposed only on success, since that writes the end mark. Neither has anything to release.
        var buffer = new BufferedStream(output, BufferSize);
        var writer = new TarWriter(buffer, TarEntryFormat.Gnu, leaveOpen: true);
        foreach (var entry in Entries())
        {
            cancellation.ThrowIfCancellationRequested();
            await using var sent = SentEntry.Open(entry);
            if (sent is null)
            {
                warn?.Invoke($"'{entry.Path}' is a socket, which cannot be sent with a build context. It is skipped.");
                continue;
            }

            await writer.WriteEntryAsync(sent.Header, cancellation);
            await sent.EnsureUnchangedAsync(cancellation);
        }

        await writer.DisposeAsync();
        await buffer.FlushAsync(cancellation);
    }

    /// <summary>The entries to send, in order.</summary>
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
    /// The <c>.dockerignore</c> to send; null for the file on disk. The engine reads only that file, and only to learn whether the
    /// build sees the Dockerfile and the file itself, which are always sent. Where the rules come from the Dockerfile's own ignore
    /// file, or the Dockerfile is outside, the file on disk would be wrong.
    /// </summary>
    /// <param name="dockerfile">The Dockerfile.</param>
    /// <param name="used">The rules in force.</param>
    /// <param name="onDisk">The file on disk; null where it does not exist, or the rules of another file ignore it.</param>
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

    // A pattern for exactly that name. An escaped letter may be a class, and spaces at the ends are trimmed.
    private static string Literal(string name) => string.Concat(name.Select(character => character switch
    {
        ' ' => "[ ]",
        '/' => "/",
        < (char)128 when !char.IsAsciiLetterOrDigit(character) => $@"\{character}",
        _ => character.ToString(),
    }));
}
