using Crane.Adapters.Building;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Building.Hooks;
using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;
using Crane.Adapters.Resilience;
using Crane.Adapters.Yaml;
using Crane.Building;
using Crane.Configuration;
using Crane.Execution;
using Crane.Execution.Engine;
using Crane.Stores;

namespace Crane.Adapters;

/// <summary>Puts the adapters together. The module makes one by its name, so it has a constructor without parameters.</summary>
internal sealed class AdapterSet : IAdapters
{
    public ICraneFileSource CraneFiles { get; } = new CraneFileSource();

    // Made when something moves: reading a crane file must not wait for a retry library to load.
    public IRetryPolicy Retry => field ??= new TransientRetry();

    public IDockerfiles Dockerfiles { get; } = new LocalDockerfiles(System.Environment.GetEnvironmentVariable);

    public IHookRunner Hooks { get; } = new HookRunner(Environment);

    // Read anew for each call: a session may change its variables at any time.
    private static DockerEnvironment Environment => DockerEnvironment.OfProcess;

    public Task<IImageStore> OpenStoreAsync(StoreRequest request, CancellationToken cancellation) =>
        DockerEngine.OpenAsync(request, Environment, cancellation);

    public async Task<IMover> OpenMoverAsync(StoreRequest request, CancellationToken cancellation) =>
        new EngineMover(await OpenStoreAsync(request, cancellation));

    public Task<IImageBuilder> OpenBuilderAsync(StoreRequest request, CancellationToken cancellation) =>
        DockerEngine.OpenBuilderAsync(request, Environment, cancellation);

    public Task<IGraphBuilder> OpenBuildxAsync(StoreRequest request, string? builder, CancellationToken cancellation) =>
        DockerEngine.OpenBuildxAsync(request, builder, Environment, cancellation);

    public async Task<bool> HasBuildxAsync(CancellationToken cancellation)
    {
        try
        {
            await new BuildxSearch(Environment).FindAsync(cancellation);
            return true;
        }
        catch (CraneException)
        {
            return false;
        }
    }

    public bool CanEngineBuild(RetagPlan plan) =>
        EngineLimits.CanBuild(plan.Build!, ImageName.Parse(plan.Target), Environment.Variables);

    public string BakeFile(IReadOnlyList<GraphBuild> builds, BuildOptions options)
    {
        var targets = BakeTarget.Of(builds, Dockerfiles, options);
        return targets.FirstOrDefault(target => target.Fault is not null) is { } faulty
            ? throw faulty.Fault!.About(faulty.Request.Plan)
            : new BakeFile(Environment.Variables).Write(targets, options.NoCache, isNamed: true);
    }

    public IReadOnlyList<string> ContextNames() => DockerContexts.Names(Environment);
}
