using Crane.Moving.Run;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Engine;

/// <summary>Moves images through a container engine, which pulls and pushes whole images by name and reports layers.</summary>
/// <param name="store">The engine; disposed with the mover.</param>
/// <param name="registries">The registries without the engine, for pushes; null if nothing is pushed.</param>
/// <param name="remoteNames">The names in them; null if nothing is pushed. Disposed with the mover.</param>
internal sealed class EngineMover(IImageStore store, IContentSource? registries = null, IOpenNames? remoteNames = null) : IMover
{
    private readonly PullRun _pulls = new(store);
    private readonly PushRun _pushes = new(store, registries);
    private readonly INames _names = new EngineNames(store);

    public string Name => store.Name;

    public int ImagesAtOnce(int throttleLimit) => throttleLimit;

    public Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(
        IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation) =>
        PushOrder.FindAsync(moves, store, throttleLimit, cancellation);

    public Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation) => run.Move.Plan.Operation == RetagOperation.Pull
        ? _pulls.RunAsync(run, cancellation)
        : _pushes.RunAsync(run, cancellation);

    public Task<StagedImage> StageAsync(MoveContext run, CancellationToken cancellation) => run.Move.Plan.Operation == RetagOperation.Pull
        ? _pulls.StageAsync(run, cancellation)
        : _pushes.StageAsync(run, cancellation);

    public INames NamesOf(RetagOperation operation) => operation == RetagOperation.Pull || remoteNames is null ? _names : remoteNames;

    public string? Summary() => null;

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        if (remoteNames is not null)
            await remoteNames.DisposeAsync();
    }
}
