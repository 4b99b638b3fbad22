using System.Net;
using System.Text.Json.Nodes;
using Crane.Building;
using Crane.Comparing;
using Crane.CraneFile;
using Crane.Locking;
using Crane.Moving.Content;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Moving.Undo;
using Crane.Oci;

namespace Crane;

/// <summary>Everything that the module needs from Crane.Adapters, which is loaded on first use.</summary>
internal interface IAdapters
{
    ICraneFileSource CraneFiles { get; }

    /// <summary>The Compose file in a folder, and its override file; empty for none. Full paths.</summary>
    IReadOnlyList<string> FindComposeFiles(string folder);

    /// <summary>The Dockerfiles in a folder and the folders in it, as full paths.</summary>
    IReadOnlyList<string> FindDockerfiles(string folder);

    /// <summary>The stages with a name in the Dockerfile of a build; empty for a remote context.</summary>
    /// <exception cref="CraneException">BuildFailed for a Dockerfile that is missing or cannot be read.</exception>
    IReadOnlyList<string> FindStages(ContainerBuild build);

    /// <summary>The names of the images in an engine.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>; InvalidValue for a layout folder.</exception>
    Task<IReadOnlyList<string>> ImageNamesAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Reads and writes lock files.</summary>
    ILockFiles LockFiles { get; }

    /// <summary>Reads which images builds start from.</summary>
    IDockerfiles Dockerfiles { get; }

    /// <summary>Reads what images are built from.</summary>
    IBuildInputs BuildInputs { get; }

    IHookRunner Hooks { get; }

    /// <summary>Retries what fails for a reason that may pass.</summary>
    IRetryPolicy Retry { get; }

    /// <summary>Remembers names that are being changed together.</summary>
    IJournal Journal { get; }

    /// <summary>Logs in to registries.</summary>
    IRegistryLogins Logins { get; }

    /// <summary>Connects to a local store.</summary>
    /// <exception cref="CraneException">EngineUnreachable; InvalidValue or UnknownContext for an unknown engine.</exception>
    Task<IImageStore> OpenStoreAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Connects to a local store, an engine or a layout folder, in which images are only looked for.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<ILocalStore> OpenLocalAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Opens all registries as one store, which has sent no request yet.</summary>
    /// <exception cref="CraneException">SettingConflict, DockerConfigInvalid and CertificateInvalid.</exception>
    IContentStore OpenRegistries(StoreRequest request);

    /// <summary>Connects to a local store for pulls and pushes.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<IMover> OpenMoverAsync(StoreRequest request, int throttleLimit, CancellationToken cancellation);

    /// <summary>Opens a copier from registry to registry, which has sent no request yet.</summary>
    /// <exception cref="CraneException">SettingConflict, DockerConfigInvalid and CertificateInvalid.</exception>
    Task<IMover> OpenCopierAsync(StoreRequest request, TransferOptions options, int throttleLimit, CancellationToken cancellation);

    /// <summary>Opens an inspector of images in registries or in a local store.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>, where the store is local.</exception>
    Task<IImageInspector> OpenInspectorAsync(StoreRequest request, bool isLocal, CancellationToken cancellation);

    /// <summary>Opens a reader of tags in registries, which has sent no request yet, or in a local store.</summary>
    /// <exception cref="CraneException">
    /// SettingConflict, DockerConfigInvalid and CertificateInvalid; as for <see cref="OpenStoreAsync"/>, where the store is local.
    /// </exception>
    Task<ITagReader> OpenTagsAsync(StoreRequest request, bool isLocal, CancellationToken cancellation);

    /// <summary>Opens the stores whose names are to be put back.</summary>
    /// <param name="hasLocal">Whether there is a local store; results of copies have none.</param>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>, where there is.</exception>
    Task<UndoStores> OpenUndoAsync(StoreRequest request, bool hasLocal, CancellationToken cancellation);

    /// <summary>Connects to the builder of an engine, over a connection of its own.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<IImageBuilder> OpenBuilderAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Finds Buildx, and connects to the engine that it loads images into.</summary>
    /// <param name="builder">The name of one of Buildx's builders; null for Buildx's current one.</param>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>; BuildFailed without a usable Buildx.</exception>
    Task<IGraphBuilder> OpenBuildxAsync(StoreRequest request, string? builder, CancellationToken cancellation);

    /// <summary>Whether there is a usable Buildx.</summary>
    Task<bool> HasBuildxAsync(CancellationToken cancellation);

    /// <summary>Whether the engine's own builder can do a build, judging by its section and its Dockerfile.</summary>
    bool CanEngineBuild(RetagPlan plan);

    /// <summary>Writes the builds as a bake file in JSON, with the image names of the plans.</summary>
    /// <exception cref="CraneException">BuildFailed for a Dockerfile that is missing or cannot be read.</exception>
    string BakeFile(IReadOnlyList<GraphBuild> builds);

    /// <summary>Writes JSON as YAML.</summary>
    string Yaml(JsonNode json);

    /// <summary>The names of this user's docker contexts; empty where they cannot be read.</summary>
    IReadOnlyList<string> ContextNames();

    /// <summary>The names of the builders of <c>docker buildx create</c>; empty where they cannot be read. Buildx is not run.</summary>
    IReadOnlyList<string> BuilderNames();
}

/// <summary>Which local store to open, and with which credentials to connect to registries.</summary>
/// <param name="Engine">
/// <c>docker</c>, a context name, <c>unix://</c>, <c>ssh://</c>, <c>npipe://</c>, <c>tcp://</c>, or <c>oci:FOLDER</c>; null for the
/// default.
/// </param>
/// <param name="Credentials">Credentials from parameters by registry; for other registries docker's configuration has them.</param>
internal sealed record StoreRequest(string? Engine, IReadOnlyDictionary<string, NetworkCredential> Credentials)
{
    /// <summary>Where the choice of the engine comes from, for messages.</summary>
    public string EngineOrigin { get; init; } = EngineChoice.FromParameter;

    /// <summary>The settings of registries from crane files.</summary>
    public IReadOnlyList<RegistrySetting> Registries { get; init; } = [];

    /// <summary>Takes a line for each request, without credentials, for the Debug stream.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Takes a sentence about each wait, for the Verbose stream.</summary>
    public Action<string>? Step { get; init; }

    /// <summary>Takes warnings; the same one may come several times.</summary>
    public Action<string>? Warn { get; init; }
}

/// <summary>An engine that a user has chosen.</summary>
/// <param name="Engine">As for <see cref="StoreRequest"/>.</param>
/// <param name="Origin">Where the choice comes from, for messages.</param>
internal sealed record EngineChoice(string? Engine, string Origin)
{
    public const string FromParameter = "from -Engine";

    /// <summary>The request for this engine.</summary>
    public StoreRequest Of(StoreRequest request) => request with { Engine = Engine, EngineOrigin = Origin };
}
