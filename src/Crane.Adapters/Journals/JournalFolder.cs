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
            // Other runs look at it when it is locked and complete: the lock stays with the file when that gets its name.
            var file = Open($"{path}.new", FileMode.CreateNew);
            try
            {
                await JsonSerializer.SerializeAsync(file, JournalFile.Of(entry), JournalJson.Default.JournalFile, cancellation);
#pragma warning disable CA1849 // FlushAsync does not reach the disk, and the entry must survive a power failure.
                file.Flush(flushToDisk: true);
#pragma warning restore CA1849
                File.Move(file.Name, path);
            }
            catch
            {
                await file.DisposeAsync();
                File.Delete(file.Name);
                throw;
            }

            return new Begun(file, path);
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
        var left = new List<(FileStream File, JournalEntry Entry)>();
        try
        {
            foreach (var path in Paths())
            {
                if (TryOpen(path) is not { } file)
                    continue;
                var entry = await ReadAsync(file, cancellation);
                if (entry?.Store == store)
                {
                    left.Add((file, entry));
                    continue;
                }

                await file.DisposeAsync();
                // A file that cannot be read says nothing to anybody.
                if (entry is null)
                    File.Delete(path);
            }

            // A run can have left both kinds: what it named is finished first, then all that it had before is put back.
            CraneException? failure = null;
            foreach (var (file, entry) in left.OrderByDescending(found => found.Entry.IsComplete))
            {
                try
                {
                    await recover(entry);
                    await RemoveAsync(file, file.Name);
                }
                catch (CraneException error)
                {
                    failure ??= new CraneException(error.Id, error.Message, $"To leave the names as they are, delete {file.Name}.", error);
                }
            }

            if (failure is not null)
                throw failure;
        }
        finally
        {
            foreach (var (file, _) in left)
                await file.DisposeAsync();
        }
    }

    private string[] Paths()
    {
        try
        {
            return Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*.json") : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CraneException(
                CraneErrorId.FileNotWritten, $"The journal of names that change together cannot be read: {failure.Message}",
                $"Make {Folder} readable.", failure);
        }
    }

    private static FileStream Open(string path, FileMode mode) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        // A file that is to be renamed must be shared for that on Windows; elsewhere the same would not lock it.
        Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
    });

    // Null for one whose process is still at work, or has just finished, and for what is no file.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            RegularFile.EnsureOwn(path);
            return Open(path, FileMode.Open);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads an entry; null for one that is damaged, or that its process has just emptied.</summary>
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
    private static async Task RemoveAsync(FileStream file, string path)
    {
        file.SetLength(0);
        await file.DisposeAsync();
        File.Delete(path);
    }

    private sealed class Begun(FileStream file, string path) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await RemoveAsync(file, path);
    }
}

/// <summary>The content of a journal file.</summary>
internal sealed record JournalFile(string? Store, bool IsComplete, IReadOnlyList<JournalChange?>? Changes)
{
    public static JournalFile Of(JournalEntry entry) => new(
        entry.Store, entry.IsComplete,
        [.. entry.Changes.Select(change => new JournalChange(change.Name.FullName, change.Before, change.After))]);

    /// <summary>The entry; null if a part of it is missing.</summary>
    /// <exception cref="CraneException">A name is invalid.</exception>
    public JournalEntry? ToEntry() => Store is null || Changes?.All(change => change?.Name is not null) is not true ? null : new(
        Store, [.. Changes.Select(change => new NameChange(ImageName.Parse(change!.Name!), change.Before, change.After))])
    {
        IsComplete = IsComplete,
    };
}

internal sealed record JournalChange(string? Name, string? Before, string? After);

[JsonSerializable(typeof(JournalFile))]
internal sealed partial class JournalJson : JsonSerializerContext;
