using Crane.Building;
using Crane.Commands.Base;
using Crane.Loading;
using Crane.Moving.Engine;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>The connections of a run that builds: an engine, a builder, and a mover if it pulls.</summary>
internal sealed class BuildStores : IAsyncDisposable
{
    private readonly BuildCommand _command;
    private readonly Stack<IAsyncDisposable> _opened = new();
    private IImageStore? _store;
    private IImageBuilder? _images;
    private IGraphBuilder? _graph;

    private BuildStores(BuildCommand command) => _command = command;

    /// <summary>Pulls images; null if nothing is pulled.</summary>
    public IMover? Mover { get; private set; }

    /// <summary>The names of the engine.</summary>
    public INames Names => new EngineNames(_store!);

    /// <summary>Opens the connections; a mover only if a limit for parallel pulls is given.</summary>
    /// <exception cref="CraneException">As for <see cref="IAdapters.OpenBuildxAsync"/>.</exception>
    public static async Task<BuildStores> OpenAsync(
        BuildCommand command, StoreRequest request, IReadOnlyList<BuildNode> nodes, int? pullLimit, CancellationToken cancellation)
    {
        var adapters = Adapters.Current;
        var stores = new BuildStores(command);
        try
        {
            if (pullLimit is { } limit)
                stores.Mover = stores.Own(await adapters.OpenMoverAsync(request, limit, cancellation));
            stores._store = stores.Own(await adapters.OpenStoreAsync(request, cancellation));
            await new AtomicNames(stores.Names, adapters.Journal).RecoverAsync(request.Warn ?? (_ => { }), cancellation);
            if (command.BuilderName is not null || await UsesBuildxAsync(command.Builder, nodes, cancellation))
                stores._graph = stores.Own(await adapters.OpenBuildxAsync(request, command.BuilderName, cancellation));
            else
                stores._images = stores.Own(await adapters.OpenBuilderAsync(request, cancellation));
            return stores;
        }
        catch
        {
            await stores.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs builds and returns the outcomes of all nodes in order.</summary>
    public IAsyncEnumerable<RunOutcome> BuildAsync(
        IReadOnlyList<BuildNode> nodes, BaseNames names, IRunObserver observer, RunOptions options, CancellationToken cancellation)
    {
        var adapters = Adapters.Current;
        var supply = new BaseSupply(_store!, names, adapters.Dockerfiles, adapters.Retry, observer, _command.Pull)
        {
            LockOf = _command.LockOf,
        };
        var build = new BuildOptions { NoCache = _command.NoCache };
        return _graph is not null
            ? new GraphBuildRunner(_graph, supply, adapters.Hooks, observer, options, build).RunAsync(nodes, cancellation)
            : new BuildRunner(_images!, supply, adapters.Hooks, observer, options, build).RunAsync(nodes, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        while (_opened.TryPop(out var opened))
            await opened.DisposeAsync();
    }

    private T Own<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Push(opened);
        return opened;
    }

    // Without Buildx, the engine reports what it does not support.
    private static async Task<bool> UsesBuildxAsync(BuilderKind builder, IEnumerable<BuildNode> nodes, CancellationToken cancellation) =>
        builder == BuilderKind.Buildx
        || (builder == BuilderKind.Auto && nodes.Any(NeedsBuildx) && await Adapters.Current.HasBuildxAsync(cancellation));

    private static bool NeedsBuildx(BuildNode node) =>
        node is { IsWanted: true, Error: null, Plan: { Operation: RetagOperation.Build, Build: not null } }
        && !Adapters.Current.CanEngineBuild(node.Plan);
}
