using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Crane.Comparing;
using Crane.Oci;

namespace Crane.Status;

/// <summary>Compares images with their registries, several at the same time.</summary>
/// <param name="registries">The registries; null to ask none.</param>
/// <param name="throttleLimit">The number of images that are compared at the same time.</param>
internal sealed class StatusRun(IReadOnlyList<StatusEngine> engines, IContentSource? registries, int throttleLimit)
{
    private const string NotAsked = "registries were not asked: this is as of the last pull and push";

    // One error for a registry or an engine, however many images it concerns.
    private readonly ConcurrentDictionary<(string Where, CraneErrorId Id), bool> _reported = new();

    /// <summary>The rows in the order of the images; of an image first by engine, then by target. Each comes as soon as possible.</summary>
    public async IAsyncEnumerable<StatusOutcome> RunAsync(
        IReadOnlyList<StatusTarget> targets, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var throttle = new SemaphoreSlim(throttleLimit);
        var remote = registries is null ? null : new RegistryView(registries, stop.Token);
        var views = engines.Select(engine => (Engine: engine, Local: new LocalView(engine.Name, engine.OpenAsync, stop.Token))).ToList();
        var running = targets.SelectMany(target => views.Select(view => LimitedAsync(target, view.Engine, view.Local))).ToList();
        try
        {
            foreach (var rows in running)
                foreach (var row in await rows)
                    yield return row;
        }
        finally
        {
            // If the caller stops early, no request may outlive the stores.
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var view in views)
                await view.Local.DisposeAsync();
        }

        async Task<IReadOnlyList<StatusOutcome>> LimitedAsync(StatusTarget target, StatusEngine engine, LocalView local)
        {
            await throttle.WaitAsync(stop.Token);
            try
            {
                return await new ImageComparison(target, local, remote, Report).RowsAsync(engine, stop.Token);
            }
            finally
            {
                throttle.Release();
            }
        }
    }

    private bool Report(string where, CraneException error) => _reported.TryAdd((where, error.Id), true);

    /// <summary>Compares the image of one container in one local store.</summary>
    private sealed class ImageComparison(
        StatusTarget target, LocalView local, RegistryView? remote, Func<string, CraneException, bool> isNew)
    {
        private readonly ConcurrentQueue<CraneException> _errors = new();

        public async Task<IReadOnlyList<StatusOutcome>> RowsAsync(StatusEngine engine, CancellationToken cancellation)
        {
            try
            {
                var image = await local.FindAsync(target.Plain);
                var pull = SyncAsync(image, target.Official, target.NotPulled, isPulled: true, cancellation);
                var pushes = target.Personal.DefaultIfEmpty(null)
                    .Select(name => SyncAsync(image, name, target.NotPushed, isPulled: false, cancellation)).ToList();
                var parent = BaseAsync(image, cancellation);
                await Task.WhenAll([pull, .. pushes, parent]);
                return Rows(pushes.Select(push => new StatusSides(image, pull.Result, push.Result, parent.Result)), engine);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
            {
                var error = CraneException.From(failure);
                Note(error.Id == CraneErrorId.EngineUnreachable ? local.Name : $"{local.Name} {target.Plain}", error);
                return Rows(target.Personal.DefaultIfEmpty(null).Select(name => new StatusSides(
                    null, Unknown(target.Official, target.NotPulled), Unknown(name, target.NotPushed), (BaseState.None, ""))
                { Error = error }), engine);
            }
        }

        private static SyncOutcome Unknown(ImageName? name, string skipped) =>
            name is null ? SyncOutcome.Skipped(skipped) : new SyncOutcome(SyncState.Unknown);

        private async Task<SyncOutcome> SyncAsync(
            LocalImage? image, ImageName? name, string skipped, bool isPulled, CancellationToken cancellation, bool isBase = false)
        {
            if (name is null)
                return SyncOutcome.Skipped(skipped);
            var tracking = image?.Names.Contains(name) == true ? image : await local.FindAsync(name);
            var comparison = new SyncComparison(image, tracking, name);
            if (remote is null)
                return comparison.Offline();
            try
            {
                var digest = await remote.DigestAsync(name);
                // Of an image that is not here, a pull has a size.
                var wanted = isPulled ? target.Platform : null;
                var platform = wanted ?? (image?.Platforms is [var only] ? only : ImagePlatform.OfThisMachine);
                // Some publish an image in an index for a platform that its own configuration does not say.
                if (digest is not null && image?.RunsOn(wanted) == false
                    && await remote.FactsAsync(name, platform) is { Platform: { } offered } other && platform.Accepts(offered))
                    return comparison.ForAnother(platform, digest, other);
                var isRead = digest is not null && comparison.NeedsFacts(digest) && (image is not null || isPulled);
                return comparison.With(digest, isRead ? await remote.FactsAsync(name, platform) : null);
            }
            catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
            {
                var error = CraneException.From(failure);
                var isOfRegistry = error.Id is CraneErrorId.RegistryUnauthorized or CraneErrorId.RegistryUnreachable;
                // Whether a base has moved is only advice: where its registry cannot be asked, the reason says so.
                if (!isBase)
                    Note(isOfRegistry ? name.Registry : name.FullName, error);
                return new SyncOutcome(image is null ? SyncState.Missing : SyncState.Unknown)
                {
                    Reason = error.Message,
                    LogIn = error.Id == CraneErrorId.RegistryUnauthorized ? name.Registry : null,
                };
            }
        }

        private async Task<(BaseState State, string Reason)> BaseAsync(LocalImage? image, CancellationToken cancellation)
        {
            if (target.Base?.Image is not { } name)
                return (BaseState.None, target.Base?.Reason ?? "");
            var parent = await local.FindAsync(name);
            var registry = parent is null || remote is null
                ? null
                : await SyncAsync(parent, target.Base.Remote, "", isPulled: false, cancellation, isBase: true);
            return (BaseComparison.Of(image, parent, registry?.State), registry?.State == SyncState.Unknown ? registry.Reason : "");
        }

        private void Note(string where, CraneException error)
        {
            if (isNew(where, error))
                _errors.Enqueue(error.About(target.Container));
        }

        private List<StatusOutcome> Rows(IEnumerable<StatusSides> targets, StatusEngine engine) => [.. targets.Select((sides, index) =>
            new StatusOutcome(
                StatusRow.Of(target, index, sides, local.Name, remote is null ? NotAsked : "", engine.Argument),
                index == 0 ? [.. _errors] : []))];
    }
}

/// <summary>A local store to compare with registries.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Argument">The value of -Engine for commands; null for the default.</param>
internal sealed record StatusEngine(string Name, string? Argument, Func<CancellationToken, Task<ILocalStore>> OpenAsync);

/// <summary>A row, and the errors that no earlier row had.</summary>
internal sealed record StatusOutcome(ImageStatus Status, IReadOnlyList<CraneException> Errors);
