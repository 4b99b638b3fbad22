using Crane.Planning;
using Crane.Stores;

namespace Crane.Execution;

/// <summary>One move being run: what every operation needs.</summary>
internal sealed record MoveRun(RetagMove Move, IImageStore Store, bool Force, TransferMeter Meter, IRunObserver Observer)
{
    public void Step(string text) => Observer.Step(Move.Plan, text);
}
