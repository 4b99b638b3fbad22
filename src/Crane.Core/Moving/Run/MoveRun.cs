using Crane.Planning;

namespace Crane.Moving.Run;

/// <summary>One move being run: what every way of moving needs.</summary>
internal sealed record MoveRun(RetagMove Move, bool Force, TransferMeter Meter, IRunObserver Observer)
{
    public void Step(string text) => Observer.Step(Move.Plan, text);

    public void Warn(string text) => Observer.Warn(Move.Plan, text);
}
