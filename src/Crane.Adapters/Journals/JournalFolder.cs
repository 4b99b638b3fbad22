using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Adapters.Machine;
using Crane.Errors;
using Crane.Moving.Run;

namespace Crane.Adapters.Journals;

/// <summary>
/// The journal of this user: a file for each run that is changing names together, locked by its process. A file that nobody has locked was
/// left by a process that was killed.
/// </summary>
internal sealed class JournalFolder(DockerEnvironment environment) : IJournal
{
    private const int SizeLimit = 16 * 1024 * 1024;

    private string Folder => Path.Combine(environment.UserStateFolder, "crane", "journal");

    public async Task<IAsyncDisposable> BeginAsync(JournalEntry entry, CancellationToken cancellation)
    {
        var path = Path.Combine(Folder, $"{Guid.NewGuid():n}.json");
        try
        {
            WholeFile.CreateFolder(Folder);
            var file = Open(path, FileMode.CreateNew);
            await JsonSerializer.SerializeAsync(file, JournalFile.Of(entry), JournalJson.Default.JournalFile, cancellation);
            // Before the first name changes, the entry must survive a power failure.
            file.Flush(flushToDisk: true);
            return new Begun(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"The journal of names that change together cannot be written: {failure.Message}",
                $"Make {Folder} writable, or run without -Atomic.", failure);
        }
    }

    public async Task RecoverAsync(string store, Func<JournalEntry, Task> recover, CancellationToken cancellation)
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.EnumerateFiles(Folder, "*.json"))
        {
            await using var file = TryOpen(path);
            if (file is null || await ReadAsync(file, cancellation) is not { } entry || entry.Store != store)
                continue;
            await recover(entry);
            await RemoveAsync(file);
        }
    }

    private static FileStream Open(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
    });

    // Its process is still at work, or has just finished.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return Open(path, FileMode.Open);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads an entry; null for one whose process was killed while it wrote it, before it changed a name.</summary>
    private static async Task<JournalEntry?> ReadAsync(FileStream file, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(
                await RegularFile.ReadToEndAsync(file, SizeLimit, cancellation), JournalJson.Default.JournalFile)?.ToEntry();
        }
        catch (Exception broken) when (JsonErrors.IsUnreadable(broken) || broken is IOException or CraneException)
        {
            return null;
        }
    }

    // Emptied first: without its lock another process would take it for one that was left.
    private static async Task RemoveAsync(FileStream file)
    {
        file.SetLength(0);
        await file.DisposeAsync();
        File.Delete(file.Name);
    }

    private sealed class Begun(FileStream file) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await RemoveAsync(file);
    }
}

/// <summary>The content of a journal file.</summary>
internal sealed record JournalFile(string Store, bool IsComplete, IReadOnlyList<JournalChange> Changes)
{
    public static JournalFile Of(JournalEntry entry) => new(
        entry.Store, entry.IsComplete,
        [.. entry.Changes.Select(change => new JournalChange(change.Name.FullName, change.Before, change.After))]);

    public JournalEntry ToEntry() => new(
        Store, [.. Changes.Select(change => new NameChange(ImageName.Parse(change.Name), change.Before, change.After))])
    {
        IsComplete = IsComplete,
    };
}

internal sealed record JournalChange(string Name, string? Before, string? After);

[JsonSerializable(typeof(JournalFile))]
internal sealed partial class JournalJson : JsonSerializerContext;
