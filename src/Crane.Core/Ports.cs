using System.Net;
using Crane.Building;
using Crane.CraneFile;
using Crane.Moving.Content;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Oci;

namespace Crane;

/// <summary>Everything that the module needs from Crane.Adapters, which is loaded on first use.</summary>
internal interface IAdapters
{
    /// <summary>Loads crane files.</summary>
    ICraneFileSource CraneFiles { get; }

    /// <summary>Reads which images builds start from.</summary>
    IDockerfiles Dockerfiles { get; }

    /// <summary>Reads what images are built from.</summary>
    IBuildInputs BuildInputs { get; }

    /// <summary>Runs the commands around builds.</summary>
    IHookRunner Hooks { get; }

    /// <summary>How transient faults are tried again.</summary>
    IRetryPolicy Retry { get; }

    /// <summary>Keeps credentials for registries.</summary>
    IRegistryLogins Logins { get; }

    /// <summary>Finds and reaches a local store.</summary>
    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoint tried; InvalidValue or UnknownContext for an engine that there is not.
    /// </exception>
    Task<IImageStore> OpenStoreAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Finds and reaches what pulls to and pushes from a local store.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<IMover> OpenMoverAsync(StoreRequest request, int throttleLimit, CancellationToken cancellation);

    /// <summary>Opens what copies from registry to registry; it has asked none of them yet.</summary>
    /// <exception cref="CraneException">SettingConflict, DockerConfigInvalid and CertificateInvalid.</exception>
    Task<IMover> OpenCopierAsync(StoreRequest request, TransferOptions options, int throttleLimit, CancellationToken cancellation);

    /// <summary>Opens what shows images: those of registries, or those of a local store.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>, where the store is local.</exception>
    Task<IImageInspector> OpenInspectorAsync(StoreRequest request, bool isLocal, CancellationToken cancellation);

    /// <summary>Opens what lists tags: those of registries, of which it has asked none yet, or those of a local store.</summary>
    /// <exception cref="CraneException">
    /// SettingConflict, DockerConfigInvalid and CertificateInvalid; as for <see cref="OpenStoreAsync"/>, where the store is local.
    /// </exception>
    Task<ITagReader> OpenTagsAsync(StoreRequest request, bool isLocal, CancellationToken cancellation);

    /// <summary>Finds and reaches the builder of an engine, over a connection of its own.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<IImageBuilder> OpenBuilderAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Finds Buildx, and reaches the engine that it loads images into.</summary>
    /// <param name="request">The engine.</param>
    /// <param name="builder">The name of one of Buildx's builders; null for the one that Buildx itself would take.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>; BuildFailed where there is no Buildx that can be used.</exception>
    Task<IGraphBuilder> OpenBuildxAsync(StoreRequest request, string? builder, CancellationToken cancellation);

    /// <summary>Whether there is a Buildx that can be used.</summary>
    Task<bool> HasBuildxAsync(CancellationToken cancellation);

    /// <summary>Whether the engine's own builder can do that build, as far as its section and its Dockerfile tell.</summary>
    bool CanEngineBuild(RetagPlan plan);

    /// <summary>The builds as a bake file in JSON, images named as the plans say.</summary>
    /// <exception cref="CraneException">BuildFailed for a Dockerfile that is missing or cannot be read.</exception>
    string BakeFile(IReadOnlyList<GraphBuild> builds);

    /// <summary>Names of the docker contexts of this user; empty where there are none or they cannot be read.</summary>
    IReadOnlyList<string> ContextNames();
}

/// <summary>Which local store, and with which credentials it speaks to registries.</summary>
/// <param name="Engine">
/// <c>docker</c>, a context name, <c>unix://</c>, <c>npipe://</c>, <c>tcp://</c>, or <c>oci:FOLDER</c>; null follows the environment.
/// </param>
/// <param name="Credentials">Given credentials by registry; other registries take docker's own configuration.</param>
internal sealed record StoreRequest(string? Engine, IReadOnlyDictionary<string, NetworkCredential> Credentials)
{
    /// <summary>How registries are spoken to, as crane files say; those that none speaks of are not in it.</summary>
    public IReadOnlyList<RegistrySetting> Registries { get; init; } = [];

    /// <summary>Takes a line for each request to the store, without credentials: what Debug shows.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Takes a sentence for what is waited for: what Verbose shows.</summary>
    public Action<string>? Step { get; init; }

    /// <summary>Takes what the user should know beside results and errors; the same may come several times.</summary>
    public Action<string>? Warn { get; init; }
}
