using System.Text.Json.Nodes;
using Crane.Adapters.Building;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Building.Hooks;
using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Dockerfiles;
using Crane.Adapters.Engine;
using Crane.Adapters.Journals;
using Crane.Adapters.Locking;
using Crane.Adapters.Machine;
using Crane.Adapters.OciLayout;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Adapters.Resilience;
using Crane.Adapters.Yaml;
using Crane.Building;
using Crane.Comparing;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;
using Crane.Locking;
using Crane.Moving.Content;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Moving.Undo;
using Crane.Oci;

namespace Crane.Adapters;

/// <summary>Puts the adapters together. The module creates it by name, with a constructor without parameters.</summary>
internal sealed class AdapterSet : IAdapters
{
    public ICraneFileSource CraneFiles { get; } = new CraneFileSource();

    public ILockFiles LockFiles { get; } = new LockFiles();

    // Created when an image moves: reading a crane file must not wait for Polly to load.
    public IRetryPolicy Retry => field ??= new TransientRetry();

    public IDockerfiles Dockerfiles { get; } = new LocalDockerfiles(System.Environment.GetEnvironmentVariable);

    public IBuildInputs BuildInputs { get; } = new InputReader(Environment);

    public IHookRunner Hooks { get; } = new HookRunner(Environment);

    public IJournal Journal { get; } = new JournalFolder(Environment);

    public IRegistryLogins Logins => new RegistryLogins(Environment, RegistryClients);

    // See docs/decisions/session-lived-connections.md.
    private RegistryClients RegistryClients => field ??= new(TimeSpan.FromMinutes(5));

    // Read for each call: a session may change its variables at any time.
    private static DockerEnvironment Environment => DockerEnvironment.OfProcess;

    public Task<IImageStore> OpenStoreAsync(StoreRequest request, CancellationToken cancellation) =>
        OpenEngineAsync<IImageStore>(request, (engine, credentials) => new EngineStore(engine, credentials), cancellation);

    public async Task<ILocalStore> OpenLocalAsync(StoreRequest request, CancellationToken cancellation) =>
        await OpenLayoutAsync(request, cancellation) is { } layout ? new LayoutImages(layout) : await OpenStoreAsync(request, cancellation);

    public IContentStore OpenRegistries(StoreRequest request) => new RegistryStore(Http(request), Retry);

    public async Task<IMover> OpenMoverAsync(StoreRequest request, int throttleLimit, CancellationToken cancellation)
    {
        if (await OpenLayoutAsync(request, cancellation) is { } layout)
            return Mover(request, layout, new TransferOptions(), throttleLimit);
        var store = await OpenStoreAsync(request, cancellation);
        var registries = new RegistryStore(Http(request), Retry);
        return new EngineMover(store, registries, new ContentNames(registries));
    }

    public Task<IMover> OpenCopierAsync(
        StoreRequest request, TransferOptions options, int throttleLimit, CancellationToken cancellation) =>
        Task.FromResult<IMover>(Mover(request, null, options, throttleLimit));

    public async Task<UndoStores> OpenUndoAsync(StoreRequest request, bool hasLocal, CancellationToken cancellation)
    {
        LocalNames? local = !hasLocal ? null
            : await OpenLayoutAsync(request, cancellation) is { } folder ? new FolderLocalNames(folder)
            : new EngineLocalNames(await OpenStoreAsync(request, cancellation));
        return new UndoStores(local, RegistryNames(request));
    }

    public Task<IImageBuilder> OpenBuilderAsync(StoreRequest request, CancellationToken cancellation) =>
        OpenEngineAsync<IImageBuilder>(request, (engine, credentials) => new EngineBuilder(engine, credentials, Environment), cancellation);

    public async Task<IGraphBuilder> OpenBuildxAsync(StoreRequest request, string? builder, CancellationToken cancellation)
    {
        var program = await BuildxProgram.FindAsync(Environment, cancellation);
        return await OpenEngineAsync<IGraphBuilder>(
            request, (engine, credentials) => new BuildxBuilder(engine, credentials, Environment, program, builder), cancellation);
    }

    public async Task<bool> HasBuildxAsync(CancellationToken cancellation)
    {
        try
        {
            await BuildxProgram.FindAsync(Environment, cancellation);
            return true;
        }
        catch (CraneException)
        {
            return false;
        }
    }

    public bool CanEngineBuild(RetagPlan plan) => EngineLimits.CanBuild(plan.Build!, ImageName.Parse(plan.Target), Environment.Variables);

    public string BakeFile(IReadOnlyList<GraphBuild> builds)
    {
        var targets = BakeTarget.Of(builds, Dockerfiles);
        return targets.FirstOrDefault(target => target.Error is not null) is { } failed
            ? throw failed.Error!.About(failed.Request.Plan)
            : new BakeFile(Environment.Variables).Write(targets, noCache: false, isNamed: true);
    }

    public string Yaml(JsonNode json) => JsonYaml.Write(json);

    public async Task<IImageInspector> OpenInspectorAsync(StoreRequest request, bool isLocal, CancellationToken cancellation)
    {
        if (!isLocal)
            return new ContentInspector(new RegistryStore(Http(request), Retry), isLocal: false);
        return await OpenLayoutAsync(request, cancellation) is { } layout
            ? new ContentInspector(layout, isLocal: true)
            : new EngineInspector(await EngineClient.ConnectAsync(request, Environment, cancellation));
    }

    public IReadOnlyList<string> FindComposeFiles(string folder) => CraneFileFinder.ComposeFilesIn(folder) ?? [];

    public IReadOnlyList<string> FindDockerfiles(string folder) => DockerfileSearch.In(folder);

    public IReadOnlyList<string> FindStages(ContainerBuild build) => FilePath.IsRemoteContext(build.Context)
        ? [] : ParsedDockerfile.Read(DockerfileLocation.Find(build.Context, build.File).Path).StageNames;

    public async Task<IReadOnlyList<string>> ImageNamesAsync(StoreRequest request, CancellationToken cancellation)
    {
        if (new EngineSearch(Environment).LayoutFolder(request.Engine) is { } folder)
            throw new CraneException(
                CraneErrorId.InvalidValue, $"'{folder}' is a folder, not an engine.", "Name its images with -FromImage.");
        await using var engine = new EngineInspector(await EngineClient.ConnectAsync(request, Environment, cancellation));
        return [.. (await engine.NamesAsync(cancellation)).Select(name => name.ToString()).Order(StringComparer.Ordinal)];
    }

    public async Task<ITagReader> OpenTagsAsync(StoreRequest request, bool isLocal, CancellationToken cancellation)
    {
        if (!isLocal)
            return new RegistryStore(Http(request), Retry);
        return await OpenLayoutAsync(request, cancellation) is { } layout
            ? layout
            : new EngineInspector(await EngineClient.ConnectAsync(request, Environment, cancellation));
    }

    // The only code that tells a layout folder from an engine.
    private static async Task<LayoutStore?> OpenLayoutAsync(StoreRequest request, CancellationToken cancellation) =>
        new EngineSearch(Environment).LayoutFolder(request.Engine) is { } folder ? await LayoutStore.OpenAsync(folder, cancellation) : null;

    private static async Task<T> OpenEngineAsync<T>(
        StoreRequest request, Func<EngineClient, RegistryCredentials, T> open, CancellationToken cancellation) =>
        open(await EngineClient.ConnectAsync(request, Environment, cancellation), Credentials(request));

    private static RegistryCredentials Credentials(StoreRequest request) => new(request.Credentials, Environment, request.Warn);

    private RegistryHttp Http(StoreRequest request) =>
        new(RegistryClients, Credentials(request), Environment, request.Registries, request.Trace, request.Step);

    private ContentNames RegistryNames(StoreRequest request) => new(new RegistryStore(Http(request), Retry));

    private ContentMover Mover(StoreRequest request, LayoutStore? layout, TransferOptions options, int throttleLimit)
    {
        var http = Http(request);
        var stores = new ContentStores(new RegistryStore(http, Retry), layout, () => http.RequestCount);
        return new ContentMover(stores, options, throttleLimit, Retry);
    }

    public IReadOnlyList<string> ContextNames() => DockerContexts.Names(Environment);

    public IReadOnlyList<string> BuilderNames() => BuildxBuilders.Names(Environment);
}
