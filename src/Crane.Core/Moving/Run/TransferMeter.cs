using System.Collections.Concurrent;

namespace Crane.Moving.Run;

/// <summary>Adds up the layers of one image. Called from whatever threads the work is done on.</summary>
internal sealed class TransferMeter(RetagPlan plan, SharedLayers shared, IRunObserver observer) : IProgress<TransferProgress>
{
    private readonly Dictionary<string, (long Current, long Total)> _layers = new(StringComparer.Ordinal);
    private (long Current, long Total) _sum;

    /// <summary>Bytes moved over the network so far.</summary>
    public long Bytes
    {
        get
        {
            lock (_layers)
                return _sum.Current;
        }
    }

    public void Report(TransferProgress value)
    {
        if (value.IsNote)
        {
            observer.Warn(plan, value.Phase);
            return;
        }

        MoveProgress progress;
        lock (_layers)
        {
            if (value.IsTransfer && shared.CountsFor(plan, value.Layer))
                Add(value);
            progress = new MoveProgress(value.Phase, _sum.Current, _sum.Total);
        }

        observer.Progress(plan, progress);
    }

    private void Add(TransferProgress value)
    {
        var before = _layers.GetValueOrDefault(value.Layer);

        // A layer's numbers start anew when a store tries it again; what has moved, has moved.
        var now = (Current: Math.Max(before.Current, value.CurrentBytes), Total: Math.Max(before.Total, value.TotalBytes));
        _layers[value.Layer] = now;
        _sum = (_sum.Current - before.Current + now.Current, _sum.Total - before.Total + now.Total);
    }
}

/// <summary>How far a layer is.</summary>
/// <param name="Layer">The layer's id, as the store shows it; empty for a message about the image.</param>
/// <param name="Phase">What is being done with it, as the store says it, such as <c>Downloading</c>.</param>
/// <param name="IsTransfer">Whether the bytes are moved over the network, not unpacked or read.</param>
/// <param name="CurrentBytes">Bytes done.</param>
/// <param name="TotalBytes">Bytes in all; 0 where it is not known.</param>
internal readonly record struct TransferProgress(string Layer, string Phase, bool IsTransfer, long CurrentBytes, long TotalBytes)
{
    /// <summary>Whether the phase is something that the store wants the user to know.</summary>
    public bool IsNote { get; init; }
}

/// <summary>
/// Who moves which layer in one run. An engine moves a layer that several pulls need once, and tells each of them how
/// far it is; its bytes count for the first.
/// </summary>
internal sealed class SharedLayers
{
    private readonly ConcurrentDictionary<(RetagOperation, string Repository, string Layer), RetagPlan> _movers = new();

    /// <summary>Whether the bytes of a layer count for a plan. Only pulls share across repositories.</summary>
    public bool CountsFor(RetagPlan plan, string layer)
    {
        var repository = plan.Operation == RetagOperation.Pull ? "" : plan.Target;
        return ReferenceEquals(_movers.GetOrAdd((plan.Operation, repository, layer), plan), plan);
    }
}
