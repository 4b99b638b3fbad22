using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>Moves images: through a container engine, or piece by piece from where they are to where they go.</summary>
internal interface IMover : IAsyncDisposable
{
    /// <summary>What moves them, as results and messages call it, such as <c>unix:///var/run/docker.sock</c>.</summary>
    string Name { get; }

    /// <summary>How many images may be under way at the same time under a limit that the user gave.</summary>
    int ImagesAtOnce(int throttleLimit);

    /// <summary>For each move, the indexes of the earlier moves that it has to wait for.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    Task<IReadOnlyList<IReadOnlySet<int>>> OrderAsync(
        IReadOnlyList<CheckedMove> moves, int throttleLimit, CancellationToken cancellation);

    /// <summary>Runs one move.</summary>
    /// <exception cref="CraneException">Why the image is not where the plan says.</exception>
    Task<PlanEnd> MoveAsync(MoveContext run, CancellationToken cancellation);

    /// <summary>What all moves came to, as a sentence for a log; null where there is nothing to say.</summary>
    string? Summary();
}

/// <summary>One move being run: what every way of moving needs.</summary>
internal sealed record MoveContext(CheckedMove Move, bool Force, TransferMeter Meter, IRunObserver Observer)
{
    public void Step(string text) => Observer.Step(Move.Plan, text);

    public void Warn(string text) => Observer.Warn(Move.Plan, text);
}
