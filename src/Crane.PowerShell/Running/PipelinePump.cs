using System.Threading.Channels;

namespace Crane.Running;

/// <summary>
/// Lets work run on other threads while everything that it wants written is written on the pipeline's own thread,
/// the only one from which PowerShell allows it. Work that is faster than whoever takes what is written waits for them.
/// </summary>
#pragma warning disable CA1001 // Not disposed of: work that outlives the grace still holds both, and they hold no handle.
internal sealed class PipelinePump
#pragma warning restore CA1001
{
    // How long a stopped pipeline waits for the work to tidy up behind itself.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    // How many writes of the work's threads may wait.
    private const int Limit = 1000;

    private readonly Channel<(Action Write, bool HasRoom)> _writes =
        Channel.CreateUnbounded<(Action Write, bool HasRoom)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly SemaphoreSlim _room = new(Limit);
    private readonly CancellationTokenSource _ending;
    private readonly int _pipelineThread = Environment.CurrentManagedThreadId;
    private readonly CancellationToken _stopping;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes a pump; on the pipeline's thread.</summary>
    public PipelinePump(CancellationToken stopping)
    {
        _stopping = stopping;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    }

    /// <summary>
    /// Has something done on the pipeline's thread, in the order of the calls; nothing once the work is over. Waits where many
    /// writes wait already, but for a call on the pipeline's thread itself, which is the one that does them.
    /// </summary>
    public void Post(Action write)
    {
        if (Environment.CurrentManagedThreadId == _pipelineThread)
            _writes.Writer.TryWrite((write, false));
        else
            PostAsync(write).GetAwaiter().GetResult();
    }

    /// <summary>The same from work that need not hold its thread while it waits.</summary>
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

        _writes.Writer.TryWrite((write, true));
    }

    /// <summary>The same for what need not be written: where there is no room it is passed over.</summary>
    public void TryPost(Action write)
    {
        if (_room.Wait(0, CancellationToken.None))
            _writes.Writer.TryWrite((write, true));
    }

    /// <summary>Runs the work to its end. Ends it when the pipeline stops, or when a write throws.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        Begin(work);
        Finish();
    }

    /// <summary>Begins the work.</summary>
    public void Begin(Func<CancellationToken, Task> work) => _running = Task.Run(() => WorkAsync(work), CancellationToken.None);

    /// <summary>Writes what is there to be written, while the work goes on. Throws what the work has failed with.</summary>
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

    /// <summary>Waits for the end of the work, as <see cref="Run"/> does.</summary>
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
        Task.WhenAny(_running, Task.Delay(Grace)).GetAwaiter().GetResult();
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
}
