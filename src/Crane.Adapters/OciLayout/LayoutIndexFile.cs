using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The file <c>index.json</c>: always read as it is now, and replaced under a lock in which it is read again, so that no
/// process loses the changes of another.
/// </summary>
internal sealed class LayoutIndexFile(LayoutFolder folder, TimeSpan timeout) : IDisposable
{
    // Some 100,000 names.
    private const int SizeLimit = 64 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LayoutMarker _marker = new(folder);

    // Within one process, saves waiting for the lock file.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private volatile bool _isPrepared;

    /// <summary>Reads the index; an empty one where the folder or the file does not exist.</summary>
    /// <exception cref="CraneException">EngineUnreachable where the folder is not a layout, or the file is invalid.</exception>
    public async Task<LayoutIndex> ReadAsync(CancellationToken cancellation)
    {
        if (!_isPrepared)
            await _marker.CheckAsync(cancellation);
        return await ReadFileAsync(cancellation) ?? LayoutIndex.Empty;
    }

    /// <summary>Makes the folder a layout, unless it is one.</summary>
    /// <exception cref="CraneException">As <see cref="ReadAsync"/>; PullFailed where it cannot be written.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (!_isPrepared)
            await UpdateAsync(static index => index, cancellation);
    }

    /// <summary>Changes the index; an unchanged one is not written.</summary>
    /// <exception cref="CraneException">As <see cref="PrepareAsync"/>.</exception>
    public async Task UpdateAsync(Func<LayoutIndex, LayoutIndex> change, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Checked before anything is created in the folder: anything but a layout must stay as it is.
            var isLayout = await _marker.CheckAsync(cancellation);
            Storage.Write(folder.Index, () => RegularFile.EnsureOwn(folder.Index));
            folder.MakeOwn();
            await using var held = await Storage.LockAsync(folder.IndexLock, timeout, cancellation);
            if (!isLayout)
                await CreateAsync(cancellation);

            var found = await ReadFileAsync(cancellation);
            var changed = change(found ?? LayoutIndex.Empty);
            if (!ReferenceEquals(found, changed))
                await Storage.ReplaceAsync(folder.Index, folder.Own, changed.ToBytes(), cancellation);
            _isPrepared = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool IsUnreadable(Exception exception) => exception is FormatException || JsonErrors.IsUnreadable(exception);

    private async Task CreateAsync(CancellationToken cancellation)
    {
        // The marker first: without it, a folder with other files is not taken for a layout.
        if (!await _marker.CheckAsync(cancellation))
            await _marker.WriteAsync(cancellation);
        Storage.Write(folder.Root, () => Directory.CreateDirectory(Path.Combine(folder.Root, "blobs", "sha256")));
    }

    // Other programs write the file in place: content read in the middle of that is read again.
    private async Task<LayoutIndex?> ReadFileAsync(CancellationToken cancellation)
    {
        try
        {
            return await ParseAsync(cancellation);
        }
        catch (Exception torn) when (IsUnreadable(torn))
        {
            await Task.Delay(Pause, cancellation);
        }
        try
        {
            return await ParseAsync(cancellation);
        }
        catch (Exception broken) when (IsUnreadable(broken))
        {
            throw LayoutErrors.BrokenIndex(folder.Index, JsonErrors.Words(broken));
        }
    }

    private async Task<LayoutIndex?> ParseAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = LayoutFile.Open(folder.Index);
            return file is null ? null : LayoutIndex.Parse(await RegularFile.ReadToEndAsync(file, SizeLimit, cancellation));
        }
        catch (Exception exception) when (Storage.IsFileError(exception))
        {
            throw LayoutErrors.Unreadable(folder.Index, exception);
        }
    }
}
