using Crane.Names;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Moving.Content;

/// <summary>The stores of a run without an engine.</summary>
/// <param name="Registries">All registries.</param>
/// <param name="Layout">The layout folder; null for copies from registry to registry.</param>
/// <param name="RequestCount">The number of requests sent to registries so far.</param>
internal sealed record ContentStores(IContentStore Registries, IContentStore? Layout, Func<int> RequestCount) : IAsyncDisposable
{
    /// <summary>The engine in results.</summary>
    public string Name => (Layout ?? Registries).Name;

    /// <summary>The source and target of a move.</summary>
    public ContentRoute RouteOf(CheckedMove move) => new(SourceOf(move), move.From, TargetOf(move), move.Target)
    {
        Tracked = Layout is not null && move.Remote is { TagOrDefault: not null } remote
            && remote.WithoutDigest() is var name && name != (move.Plan.Operation == RetagOperation.Pull ? move.Target : move.Source)
            ? name : null,
    };

    public async Task<CraneException> NotFoundAsync(CheckedMove move, CancellationToken cancellation) =>
        move.Plan.Operation == RetagOperation.Push
            ? NoSuchImage.InStore(move.Source, Name, "Pull it first, or choose another folder or engine with -Engine.")
            : NoSuchImage.InRegistry(
            move.Source, await Registries.WhyAbsentAsync(move.Source, cancellation),
            "Check the name and tag, and that the image was pushed.");

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

/// <summary>The source and target of one image.</summary>
internal sealed record ContentRoute(IContentSource Source, ImageName From, IContentTarget Target, ImageName To)
{
    /// <summary>
    /// The remote name, which the folder keeps for the image that was last seen there; null if it is the plain name, or without a folder.
    /// </summary>
    public ImageName? Tracked { get; init; }

    /// <summary>The source repository, if it is in the same location as the target; otherwise null.</summary>
    public ImageName? MountSource => ReferenceEquals(Source, Target) && Source.LocationOf(From) == Target.LocationOf(To) ? From : null;
}
