using Crane.Commands.Base;
using Crane.Loading;
using Crane.Status;

namespace Crane.Running;

/// <summary>One run of Get-CraneStatus: writes each row as soon as it and all earlier ones are known.</summary>
internal sealed class StatusSession(CraneCommand command, IReadOnlyList<EngineChoice> engines, bool isOffline, int throttleLimit)
{
    // Selects the view that has a column for the engine.
    private const string SeveralEngines = "Crane.ImageStatus#Engine";

    public void Run(StoreRequest request, IReadOnlyList<StatusTarget> targets)
    {
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(request);
        pump.Run(async cancellation =>
        {
            await using var registries = isOffline ? null : Adapters.Current.OpenRegistries(watched);
            var run = new StatusRun([.. engines.Select(engine => Of(engine, watched))], registries, throttleLimit);
            await foreach (var outcome in run.RunAsync(targets, cancellation))
                await pump.PostAsync(() => Write(outcome));
        });
    }

    private static StatusEngine Of(EngineChoice engine, StoreRequest request) => new(
        engine.Engine ?? Environment.GetEnvironmentVariable("CRANE_ENGINE") ?? "docker",
        engine.Engine,
        cancellation => Adapters.Current.OpenLocalAsync(engine.Of(request), cancellation));

    // The row comes first, because the error may end the pipeline.
    private void Write(StatusOutcome outcome)
    {
        var row = PSObject.AsPSObject(outcome.Status);
        if (engines.Count > 1)
            row.TypeNames.Insert(0, SeveralEngines);
        command.WriteObject(row);
        command.WriteErrors(outcome.Errors);
    }
}
