using System.Threading.Channels;

namespace Crane.Running;

/// <summary>
/// Runs work on other threads and does its writes on the pipeline's thread, the only one where PowerShell allows them. Work that
/// writes faster than the pipeline waits.
/// </summary>
#pragma warning disable CA1001 // Not disposed: work that outlives the grace period still uses them, and they hold no handles.
internal sealed class PipelinePump
#pragma warning restore CA1001
{
    // How long a stopped pipeline waits for the work to clean up.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(800);

    private const int MaxQueuedWrites = 1000;

    private readonly Channel<QueuedWrite> _writes =
        Channel.CreateUnbounded<QueuedWrite>(new UnboundedChannelOptions { SingleReader = true });

    private readonly SemaphoreSlim _room = new(MaxQueuedWrites);
    private readonly CancellationTokenSource _ending;
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;
    private readonly CancellationToken _stopping;
    private Task _running = Task.CompletedTask;

    /// <summary>Must be called on the pipeline's thread.</summary>
    public PipelinePump(CancellationToken stopping)
    {
        _stopping = stopping;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>
    /// Queues a write for the pipeline's thread. Waits while the queue is full, except on the pipeline's thread itself, which
    /// empties it. Does nothing once the work has ended.
    /// </summary>
    public void Post(Action write)
    {
        if (Environment.CurrentManagedThreadId == _pipelineThread)
            _writes.Writer.TryWrite(new(write, HasRoom: false));
        else
            PostAsync(write).GetAwaiter().GetResult();
    }

    /// <summary>Like <see cref="Post"/>, but without blocking the thread.</summary>
    public async Task PostAsync(Action write)
    {
        try
        {
            await _room.WaitAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _writes.Writer.TryWrite(new(write, HasRoom: true));
    }

    /// <summary>Queues a write that is dropped when the queue is full. Returns whether it was queued.</summary>
    public bool TryPost(Action write) => _room.Wait(0, CancellationToken.None) && _writes.Writer.TryWrite(new(write, HasRoom: true));

    /// <summary>Runs the work to its end; cancels it when the pipeline stops or a write throws.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        Begin(work);
        Finish();
    }

    public void Begin(Func<CancellationToken, Task> work) => _running = Task.Run(() => WorkAsync(work), CancellationToken.None);

    /// <summary>Does the queued writes while the work continues. Throws if the work has failed.</summary>
    public void Drain()
    {
        try
        {
            WriteWaiting();
        }
        catch
        {
            End();
            throw;
        }

        if (_running.IsFaulted)
            _running.GetAwaiter().GetResult();
    }

    /// <summary>Does the writes until the work has ended.</summary>
    public void Finish()
    {
        try
        {
            while (_writes.Reader.WaitToReadAsync(_stopping).AsTask().GetAwaiter().GetResult())
                WriteWaiting();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            End();
        }

        _running.GetAwaiter().GetResult();
    }

    private void WriteWaiting()
    {
        while (_writes.Reader.TryRead(out var next))
        {
            if (next.HasRoom)
                _room.Release();
            next.Write();
        }
    }

    private void End()
    {
        _ending.Cancel();
        Task.WhenAny(_running, Task.Delay(GracePeriod)).GetAwaiter().GetResult();
    }

    private async Task WorkAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_ending.Token);
        }
        finally
        {
            _writes.Writer.Complete();
        }
    }

    /// <param name="HasRoom">Whether it takes room in the queue until it is done.</param>
    private sealed record QueuedWrite(Action Write, bool HasRoom);
}
