using Crane.Commands;
using Crane.Input;
using Crane.Loading;
using Crane.Planning;
using Crane.Status;

namespace Crane.Running;

/// <summary>One run of Get-CraneStatus: writes each row as soon as it and all earlier ones are known.</summary>
internal sealed class StatusSession(GetCraneStatusCommand command)
{
    // Selects the view that has a column for the engine.
    private const string SeveralEngines = "Crane.ImageStatus#Engine";

    /// <exception cref="CraneException">InvalidValue, SettingConflict.</exception>
    public void Run(IReadOnlyList<StatusTarget> targets)
    {
        var request = new StoreRequest(null, RegistryCredentials.From(
            command.Credential, command.RegistryCredential, targets.SelectMany(target => target.Registries)))
        {
            Registries = RegistrySettings.Merge(targets.SelectMany(target => target.Container.RegistrySetting ?? [])),
        };
        var engines = Engines();
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(request);
        pump.Run(async cancellation =>
        {
            await using var registries = command.Offline ? null : Adapters.Current.OpenRegistries(watched);
            var run = new StatusRun([.. engines.Select(engine => Of(engine, watched))], registries, command.ThrottleLimit);
            await foreach (var outcome in run.RunAsync(targets, cancellation))
                await pump.PostAsync(() => Write(outcome, engines.Count > 1));
        });
    }

    private static StatusEngine Of(string? engine, StoreRequest request) => new(
        engine ?? Environment.GetEnvironmentVariable("CRANE_ENGINE") ?? "docker",
        engine,
        cancellation => Adapters.Current.OpenLocalAsync(request with { Engine = engine }, cancellation));

    private List<string?> Engines() => command.Engine is { } engines
        ? engines.Select(PathOf).Distinct(StringComparer.Ordinal).ToList()
        : [PathOf(null)];

    private string? PathOf(string? engine) => FileSystemPath.OfEngine(command.SessionState.Path, engine);

    // The row comes first, because the error may end the pipeline.
    private void Write(StatusOutcome outcome, bool showsEngine)
    {
        var row = PSObject.AsPSObject(outcome.Status);
        if (showsEngine)
            row.TypeNames.Insert(0, SeveralEngines);
        command.WriteObject(row);
        command.WriteErrors(outcome.Errors);
    }
}
