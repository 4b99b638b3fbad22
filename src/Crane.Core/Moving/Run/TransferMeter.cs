using System.Collections.Concurrent;

namespace Crane.Moving.Run;

/// <summary>Adds up the progress of the layers of one image, on any thread.</summary>
internal sealed class TransferMeter(RetagPlan plan, SharedLayers shared, IRunObserver observer) : IProgress<TransferProgress>
{
    private readonly Dictionary<string, Moved> _layers = new(StringComparer.Ordinal);
    private Moved _sum = new(0, 0);

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

        ImageProgress progress;
        lock (_layers)
        {
            if (value.IsTransfer && shared.CountsFor(plan, value.Layer))
                Add(value);
            progress = new ImageProgress(value.Phase, _sum.Current, _sum.Total);
        }

        observer.Progress(plan, progress);
    }

    private void Add(TransferProgress value)
    {
        var before = _layers.GetValueOrDefault(value.Layer) ?? new(0, 0);

        // A retry of a layer starts at 0 again, but what was transferred counts.
        var now = new Moved(Math.Max(before.Current, value.CurrentBytes), Math.Max(before.Total, value.TotalBytes));
        _layers[value.Layer] = now;
        _sum = new(_sum.Current - before.Current + now.Current, _sum.Total - before.Total + now.Total);
    }

    /// <summary>Bytes of a layer, or of all.</summary>
    private sealed record Moved(long Current, long Total);
}

/// <summary>The progress of a layer.</summary>
/// <param name="Layer">The layer's id; empty for a message about the image.</param>
/// <param name="Phase">The phase, as the store calls it, such as <c>Downloading</c>.</param>
/// <param name="IsTransfer">Whether the bytes are transferred over the network.</param>
/// <param name="CurrentBytes">Bytes done so far.</param>
/// <param name="TotalBytes">Bytes in total; 0 if unknown.</param>
internal readonly record struct TransferProgress(string Layer, string Phase, bool IsTransfer, long CurrentBytes, long TotalBytes)
{
    /// <summary>Whether the phase is a warning of the store.</summary>
    public bool IsNote { get; init; }
}

/// <summary>Which plan counts the bytes of a layer: an engine pulls a shared layer once, but reports its progress to each pull.</summary>
internal sealed class SharedLayers
{
    // By operation, repository and layer.
    private readonly ConcurrentDictionary<string, RetagPlan> _movers = new(StringComparer.Ordinal);

    /// <summary>Whether the bytes of a layer count for a plan. Only pulls share across repositories.</summary>
    public bool CountsFor(RetagPlan plan, string layer)
    {
        var repository = plan.Operation == RetagOperation.Pull ? "" : plan.Target;
        return ReferenceEquals(_movers.GetOrAdd($"{plan.Operation} {repository} {layer}", plan), plan);
    }
}
