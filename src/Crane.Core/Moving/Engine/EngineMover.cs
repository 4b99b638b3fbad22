using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Moving.Engine;

/// <summary>Moves images through a container engine, which pulls and pushes whole images by name and reports layers.</summary>
internal sealed class EngineMover(IImageStore store) : IMover
{
    private readonly PullRun _pulls = new(store);

    public string Name => store.Name;

    public int ImagesAtOnce(int throttleLimit) => throttleLimit;

    public Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(
        IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation) =>
        PushOrder.FindAsync(moves, store, throttleLimit, cancellation);

    public Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation) => run.Move.Plan.Operation == RetagOperation.Pull
        ? _pulls.RunAsync(run, cancellation)
        : PushRun.RunAsync(run, store, cancellation);

    public string? Summary() => null;

    public ValueTask DisposeAsync()
    {
        _pulls.Dispose();
        return store.DisposeAsync();
    }
}
