using Crane.Building;
using Crane.Execution;
using Crane.Loading;
using Crane.Stores;

namespace Crane.Commands;

/// <summary>The builder of one run, opened: either of both kinds.</summary>
internal sealed class RunBuilder : IAsyncDisposable
{
    private readonly BuildCommand _command;
    private readonly IImageStore _store;
    private readonly IImageBuilder? _images;
    private readonly IGraphBuilder? _graph;

    private RunBuilder(BuildCommand command, IImageStore store, IImageBuilder? images, IGraphBuilder? graph) =>
        (_command, _store, _images, _graph) = (command, store, images, graph);

    /// <summary>Opens the builder that a command means.</summary>
    /// <param name="command">Its parameters.</param>
    /// <param name="request">The engine.</param>
    /// <param name="nodes">What is to be built.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="CraneException">As for <see cref="IAdapters.OpenBuildxAsync"/>.</exception>
    public static async Task<RunBuilder> OpenAsync(
        BuildCommand command, StoreRequest request, IEnumerable<BuildNode> nodes, CancellationToken cancellation)
    {
        var adapters = Adapters.Current;
        var store = await adapters.OpenStoreAsync(request, cancellation);
        try
        {
            return command.BuilderName is not null || await UsesBuildxAsync(command.Builder, nodes, cancellation)
                ? new RunBuilder(command, store, null, await adapters.OpenBuildxAsync(request, command.BuilderName, cancellation))
                : new RunBuilder(command, store, await adapters.OpenBuilderAsync(request, cancellation), null);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Refuses a builder's name together with the builder that has none.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static void Check(BuildCommand command)
    {
        if (command is { BuilderName: not null, Builder: BuilderKind.Engine })
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"-BuilderName '{command.BuilderName}' is for Buildx, and -Builder is Engine.",
                "Leave out one of the two.");
        }
    }

    /// <summary>Runs builds and gives the outcomes of all nodes in order.</summary>
    public IAsyncEnumerable<RunOutcome> RunAsync(
        IReadOnlyList<BuildNode> nodes, BaseNames names, IRunObserver observer, RunOptions options, CancellationToken cancellation)
    {
        var adapters = Adapters.Current;
        var supply = new BaseSupply(_store, names, adapters.Dockerfiles, adapters.Retry, observer, _command.Pull);
        return _graph is not null
            ? new GraphBuildRunner(_graph, supply, adapters.Hooks, observer, options, _command.Options).RunAsync(nodes, cancellation)
            : new BuildRunner(_images!, supply, adapters.Hooks, observer, options, _command.Options).RunAsync(nodes, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await (_graph is not null ? _graph.DisposeAsync() : _images!.DisposeAsync());
        await _store.DisposeAsync();
    }

    // Where there is no Buildx the engine says what it cannot do, and who can.
    private static async Task<bool> UsesBuildxAsync(
        BuilderKind builder, IEnumerable<BuildNode> nodes, CancellationToken cancellation) =>
        builder == BuilderKind.Buildx
        || (builder == BuilderKind.Auto && nodes.Any(IsBeyondEngine) && await Adapters.Current.HasBuildxAsync(cancellation));

    private static bool IsBeyondEngine(BuildNode node) =>
        node is { IsWanted: true, Fault: null, Plan: { Operation: RetagOperation.Build, Build: not null } }
        && !Adapters.Current.CanEngineBuild(node.Plan);
}
