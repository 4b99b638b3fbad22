using Crane.Planning;
using Crane.Stores;

namespace Crane.Execution;

/// <summary>One move being run: what every operation needs.</summary>
internal sealed record MoveRun(RetagMove Move, IImageStore Store, bool Force, TransferMeter Meter, IRunObserver Observer)
{
    public void Step(string text) => Observer.Step(Move.Plan, text);
}

/// <summary>What a move came to.</summary>
/// <param name="Status">Succeeded or UpToDate.</param>
/// <param name="Digest">The digest that both sides have, if known.</param>
internal readonly record struct MoveEnd(RetagStatus Status, Digest? Digest);
