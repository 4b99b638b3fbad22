using System.Management.Automation;
using System.Threading.Channels;

namespace Crane.Commands;

/// <summary>
/// Lets work run on other threads while everything that it wants written is written on the pipeline's own thread,
/// the only one from which PowerShell allows it.
/// </summary>
internal sealed class PipelinePump(CancellationToken stopping)
{
    // How long a stopped pipeline waits for the work to tidy up behind itself.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);

    private readonly Channel<Action> _writes = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Has something done on the pipeline's thread, in the order of the calls; nothing once the work is over.</summary>
    public void Post(Action write) => _writes.Writer.TryWrite(write);

    /// <summary>Runs the work to its end. Ends it when the pipeline stops, or when a write throws.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
#pragma warning disable CA2000 // Not disposed of: work that outlives the grace still holds its token.
        var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
#pragma warning restore CA2000
        var running = Task.Run(() => WorkAsync(work, ending.Token), CancellationToken.None);
        try
        {
            while (_writes.Reader.WaitToReadAsync(stopping).AsTask().GetAwaiter().GetResult())
            {
                while (_writes.Reader.TryRead(out var write))
                    write();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            ending.Cancel();
            Task.WhenAny(running, Task.Delay(Grace)).GetAwaiter().GetResult();
        }

        running.GetAwaiter().GetResult();
    }

    private async Task WorkAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        finally
        {
            _writes.Writer.Complete();
        }
    }
}
