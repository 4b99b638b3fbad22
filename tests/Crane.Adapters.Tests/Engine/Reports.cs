using Crane.Moving.Run;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Keeps what is reported, in order.</summary>
internal sealed class Reports(Action<TransferProgress>? each = null) : IProgress<TransferProgress>
{
    public List<TransferProgress> All { get; } = [];

    public void Report(TransferProgress value)
    {
        All.Add(value);
        each?.Invoke(value);
    }
}
