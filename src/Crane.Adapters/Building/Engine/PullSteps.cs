using Crane.Stores;

namespace Crane.Adapters.Building;

/// <summary>Shows a pull as lines of a build: each phase of each layer, without the bytes.</summary>
internal sealed class PullSteps(Action<string> step) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value)
    {
        if (value.TotalBytes == 0)
            step(value.Layer.Length > 0 ? $"{value.Layer}: {value.Phase}" : value.Phase);
    }
}
