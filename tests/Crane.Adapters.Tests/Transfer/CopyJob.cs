using System.Net;
using Crane.Adapters.Credentials;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Adapters.Resilience;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Planning;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>Copies between registries as Copy-CraneImage does, in an environment of its own, with pauses that are over at once.</summary>
internal sealed class CopyJob : IAsyncDisposable, IRunObserver
{
    private readonly TemporaryFolder _home = new();
    private readonly RegistryCredentials _credentials;
    private readonly InstantTime _time = new();

    public CopyJob(
        RegistryTimeouts? timeouts = null,
        IReadOnlyDictionary<string, NetworkCredential>? credentials = null,
        IReadOnlyList<RegistrySetting>? settings = null)
    {
        var environment = TestEnvironment.Of(_home);
        _credentials = new RegistryCredentials(credentials ?? new Dictionary<string, NetworkCredential>(), environment);
        var http = new RegistryHttp(new RegistryClients(TimeSpan.Zero, timeouts, _time), _credentials, environment, settings ?? []);
        Registries = new RegistryStore(http, new TransientRetry(_time));
    }

    public RegistryStore Registries { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<IReadOnlyList<RunOutcome>> CopyAsync(params (string Source, string Target)[] copies)
    {
        var moves = copies.Select(copy => CheckedMove.Check(new RetagPlan { Operation = RetagOperation.Copy, Source = copy.Source, Target = copy.Target })).ToList();
        var retry = new TransientRetry(_time);
        var mover = new ContentMover(new ContentStores(Registries, null, () => 0), new TransferOptions(), 8, retry);
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in new PlanRunner(mover, retry, this, new RunOptions(8, false, false)).RunAsync(moves, Cancellation))
            outcomes.Add(outcome);
        return outcomes;
    }

    public async Task<RunOutcome> CopyAsync(string source, string target) => Assert.Single(await CopyAsync((source, target)));

    /// <summary>The digest of a tag; null where there is none. Asserts that all its blobs are there.</summary>
    public async Task<Digest?> CompleteAsync(string image)
    {
        var name = ImageName.Parse(image);
        if (await Registries.ResolveAsync(name, Cancellation) is not { } found)
            return null;
        var manifest = await Registries.ReadManifestAsync(name, found, Cancellation);
        foreach (var blob in manifest.Blobs)
            Assert.True(await Registries.HasBlobAsync(name, blob, Cancellation), $"{image} lacks {blob.Digest}.");
        return found.Digest;
    }

    public void Step(RetagPlan plan, string message)
    {
    }

    public void Warn(RetagPlan plan, string message)
    {
    }

    public void Warn(string message)
    {
    }

    public void Note(string message)
    {
    }

    public void Progress(RetagPlan plan, ImageProgress progress)
    {
    }

    public void Ended(RetagPlan plan)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await Registries.DisposeAsync();
        _credentials.Dispose();
        _home.Dispose();
    }
}
