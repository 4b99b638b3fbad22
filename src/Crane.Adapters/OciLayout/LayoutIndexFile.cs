using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.OciLayout;

/// <summary>
/// The file <c>index.json</c>: read as it is at the time, and replaced under a lock in which it is read anew, so that what
/// several processes add at once is all there in the end.
/// </summary>
internal sealed class LayoutIndexFile(LayoutFolder folder, TimeSpan patience) : IDisposable
{
    // Some 100,000 names.
    private const int SizeLimit = 64 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly LayoutMarker _marker = new(folder);

    // Spares those of one process the waiting for the file.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private volatile bool _isPrepared;

    /// <summary>What the index says now; nothing where the folder or the file is not there.</summary>
    /// <exception cref="CraneException">EngineUnreachable where the folder is no layout, or the file is broken.</exception>
    public async Task<LayoutIndex> ReadAsync(CancellationToken cancellation)
    {
        if (!_isPrepared)
            await _marker.CheckAsync(cancellation);
        return await ReadFileAsync(cancellation) ?? LayoutIndex.Empty;
    }

    /// <summary>Makes the folder a layout, if it is none.</summary>
    /// <exception cref="CraneException">As <see cref="ReadAsync"/>; PullFailed where it cannot be written.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        if (!_isPrepared)
            await UpdateAsync(static index => index, cancellation);
    }

    /// <summary>Changes the index; what the change leaves as it is, is not written.</summary>
    /// <exception cref="CraneException">As <see cref="PrepareAsync"/>.</exception>
    public async Task UpdateAsync(Func<LayoutIndex, LayoutIndex> change, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Looked at before anything is made in the folder: what is no layout must stay as it is.
            var isLayout = await _marker.CheckAsync(cancellation);
            Storage.Write(folder.Index, () => RegularFile.EnsureOwn(folder.Index));
            folder.MakeOwn();
            await using var held = await Storage.LockAsync(folder.IndexLock, patience, cancellation);
            if (!isLayout)
                await CreateAsync(cancellation);

            var found = await ReadFileAsync(cancellation);
            var changed = change(found ?? LayoutIndex.Empty);
            if (!ReferenceEquals(found, changed))
                await AtomicFile.WriteAsync(folder.Index, folder.Own, changed.ToBytes(), cancellation);
            _isPrepared = true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static bool IsUnreadable(Exception fault) => fault is FormatException || JsonErrors.IsUnreadable(fault);

    private async Task CreateAsync(CancellationToken cancellation)
    {
        // The mark first: with anything else in it but that, the folder would be somebody else's.
        if (!await _marker.CheckAsync(cancellation))
            await _marker.WriteAsync(cancellation);
        Storage.Write(folder.Root, () => Directory.CreateDirectory(Path.Combine(folder.Root, "blobs", "sha256")));
    }

    // Others write the file in place: what is read in the midst of that is looked at once more.
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
            throw LayoutFaults.BrokenIndex(folder.Index, JsonErrors.Words(broken));
        }
    }

    private async Task<LayoutIndex?> ParseAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = SharedFile.Open(folder.Index);
            return file is null ? null : LayoutIndex.Parse(await file.ReadToEndAsync(SizeLimit, cancellation));
        }
        catch (Exception fault) when (Storage.IsFault(fault))
        {
            throw LayoutFaults.Unreadable(folder.Index, fault);
        }
    }
}
