using System.Collections;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Loading;
using Crane.Moving.Run;
using Crane.Moving.Undo;
using Crane.Planning;

namespace Crane.Running;

/// <summary>One run of Undo-CraneRetag: asks for approval, and puts names back one after the other.</summary>
internal sealed class UndoSession(CraneCommand command)
{
    /// <summary>The engine of the cmdlet; null for that of each result.</summary>
    public string? Engine { get; init; }

    public PSCredential? Credential { get; init; }

    public IDictionary? RegistryCredential { get; init; }

    /// <summary>Whether names are put back that have changed since, or that are the last ones of images.</summary>
    public bool Force { get; init; }

    public void Run(IReadOnlyList<RetagResult> results)
    {
        var registries = results.Where(result => result.Operation != RetagOperation.Build)
            .Select(result => ImageName.TryParse(result.Operation == RetagOperation.Pull ? result.Source : result.Target, out var name)
                ? name.Registry : null);
        var request = RegistryCredentials.Request(
            null, Credential, RegistryCredential,
            registries.OfType<string>(), results.SelectMany(result => result.RegistrySetting ?? []));
        var approved = results.Select(result => (Result: result, IsWanted: result.Status != RetagStatus.Succeeded
            || command.ShouldProcess(result.Target, $"Put back to {Before(result)}"))).ToList();

        var labels = new RowLabels([.. results.Select(result => result.Plan)], results.DistinctBy(result => result.Engine).Count() > 1);
        var pump = new PipelinePump(command.StopToken);
        var observer = new StreamObserver(command, pump);
        pump.Run(async cancellation =>
        {
            await using var stores = new OpenedStores(
                observer.Watch(request), FileSystemPath.OfEngine(command.SessionState.Path, Engine));
            foreach (var (result, isWanted) in approved)
            {
                var outcome = isWanted
                    ? await UndoAsync(result, stores, observer, cancellation)
                    : new RunOutcome(
                        new RetagResult(result.Plan) { Status = RetagStatus.Planned, Reason = $"back to {Before(result)}" }, null);
                await pump.PostAsync(() =>
                {
                    command.WriteObject(labels.Label(outcome.Result));
                    if (outcome.Error is { } error)
                        command.WriteErrors([error]);
                });
            }
        });
    }

    private static string Before(RetagResult result) => (result.Operation is RetagOperation.Pull or RetagOperation.Build
        ? result.PreviousId ?? result.PreviousDigest
        : result.PreviousDigest) switch
    {
        null => "what it was",
        KnownImage.None => "nothing: remove it",
        var known => known,
    };

    private async Task<RunOutcome> UndoAsync(
        RetagResult result, OpenedStores stores, StreamObserver observer, CancellationToken cancellation)
    {
        try
        {
            return await new UndoRun(await stores.OfAsync(result, cancellation), Force, observer).RunAsync(result, cancellation);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return RunOutcome.Failed(new RetagResult(result.Plan) { Engine = result.Engine }, CraneException.From(failure));
        }
    }

    /// <summary>The stores of results, each opened once.</summary>
    private sealed class OpenedStores(StoreRequest request, string? engine) : IAsyncDisposable
    {
        private readonly Dictionary<string, Task<UndoStores>> _opened = new(StringComparer.Ordinal);

        public Task<UndoStores> OfAsync(RetagResult result, CancellationToken cancellation)
        {
            var isLocal = result.Operation != RetagOperation.Copy;
            var chosen = isLocal ? engine ?? result.Engine : "";
            if (!_opened.TryGetValue(chosen, out var stores))
                _opened[chosen] = stores = Adapters.Current.OpenUndoAsync(request with { Engine = chosen }, isLocal, cancellation);
            return stores;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var stores in _opened.Values.Where(opened => opened.IsCompletedSuccessfully))
                await (await stores).DisposeAsync();
        }
    }
}
