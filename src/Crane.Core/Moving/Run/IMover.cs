using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>Moves images: through a container engine, or blob by blob.</summary>
internal interface IMover : IAsyncDisposable
{
    /// <summary>Its name in results and messages, such as <c>unix:///var/run/docker.sock</c>.</summary>
    string Name { get; }

    /// <summary>The number of images to move at the same time for a user's throttle limit.</summary>
    int ImagesAtOnce(int throttleLimit);

    /// <summary>For each move, the indexes of the earlier moves that it must wait for.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation);

    /// <summary>Runs one move.</summary>
    /// <exception cref="CraneException">Why the image was not moved.</exception>
    Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation);

    /// <summary>Moves the content of one image. Its target keeps its name until the returned changes are made.</summary>
    /// <exception cref="CraneException">Why the image was not moved.</exception>
    Task<StagedImage> StageAsync(MoveContext run, CancellationToken cancellation);

    /// <summary>The names that targets of an operation have: those of the local store, or those of registries; the same each time.</summary>
    INames NamesOf(RetagOperation operation);

    /// <summary>A summary of all moves for a log; null for none.</summary>
    string? Summary();
}

/// <summary>The context of one move.</summary>
/// <param name="Force">Whether an image is moved that is up to date, or although that removes the last name of another one.</param>
/// <param name="Overwrite">Whether an existing target in a registry may be replaced.</param>
internal sealed record MoveContext(
    CheckedMove Move, bool Force, OverwriteMode Overwrite, TransferMeter Meter, IRunObserver Observer)
{
    /// <summary>Whether it was tried before: then nothing that was found out in the meantime is relied on.</summary>
    public bool IsRetry { get; init; }

    public void Step(string message) => Observer.Step(Move.Plan, message);

    public void Warn(string message) => Observer.Warn(Move.Plan, message);
}
