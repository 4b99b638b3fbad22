using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Content;

/// <summary>The stores of a run without an engine.</summary>
/// <param name="Registries">All registries.</param>
/// <param name="Layout">The local folder; null where images go from registry to registry.</param>
/// <param name="RequestCount">How many requests registries were sent so far.</param>
internal sealed record ContentStores(IContentStore Registries, IContentStore? Layout, Func<int> RequestCount) : IAsyncDisposable
{
    /// <summary>What results name as the engine.</summary>
    public string Name => (Layout ?? Registries).Name;

    /// <summary>Where a move goes from and to.</summary>
    public ContentRoute RouteOf(CheckedMove move) => new(SourceOf(move), move.Source, TargetOf(move), move.Target);

    /// <summary>The source of a move has no such image.</summary>
    public async Task<CraneException> NotFoundAsync(CheckedMove move, CancellationToken cancellation) => move.Plan.Operation == RetagOperation.Push
        ? NoSuchImage.InStore(move.Source, Name, "Pull it first, or choose another folder or engine with -Engine.")
        : NoSuchImage.InRegistry(
            move.Source, await Registries.WhyAbsentAsync(move.Source, cancellation), "Check the name and tag, and that the image was pushed.");

    public async ValueTask DisposeAsync()
    {
        await Registries.DisposeAsync();
        if (Layout is not null)
            await Layout.DisposeAsync();
    }

    private IContentStore SourceOf(CheckedMove move) => move.Plan.Operation == RetagOperation.Push ? Local(move) : Registries;

    private IContentStore TargetOf(CheckedMove move) => move.Plan.Operation == RetagOperation.Pull ? Local(move) : Registries;

    private IContentStore Local(CheckedMove move) =>
        Layout ?? throw new InvalidOperationException($"A {move.Plan.Operation} needs a local store.");
}

/// <summary>Where one image comes from and where it goes.</summary>
internal sealed record ContentRoute(IContentSource Source, ImageName From, IContentTarget Target, ImageName To)
{
    /// <summary>The repository of the same place that the image comes from; null where it comes from another place.</summary>
    public ImageName? MountSource =>
        ReferenceEquals(Source, Target) && Source.PlaceOf(From) == Target.PlaceOf(To) ? From : null;
}
