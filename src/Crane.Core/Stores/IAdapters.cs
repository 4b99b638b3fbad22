using Crane.Building;
using Crane.Configuration;
using Crane.Execution;

namespace Crane.Stores;

/// <summary>Everything that the module needs from Crane.Adapters, which is loaded on first use.</summary>
internal interface IAdapters
{
    /// <summary>Loads crane files.</summary>
    ICraneFileSource CraneFiles { get; }

    /// <summary>Reads which images builds start from.</summary>
    IDockerfiles Dockerfiles { get; }

    /// <summary>How transient faults are tried again.</summary>
    IRetryPolicy Retry { get; }

    /// <summary>Keeps credentials for registries.</summary>
    IRegistryLogins Logins { get; }

    /// <summary>Finds and reaches a local store.</summary>
    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoint tried; InvalidValue for an engine that no rule reads.
    /// </exception>
    Task<IImageStore> OpenStoreAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Finds and reaches the builder of an engine, over a connection of its own.</summary>
    /// <exception cref="CraneException">As for <see cref="OpenStoreAsync"/>.</exception>
    Task<IImageBuilder> OpenBuilderAsync(StoreRequest request, CancellationToken cancellation);

    /// <summary>Names of the docker contexts of this user; empty where there are none or they cannot be read.</summary>
    IReadOnlyList<string> ContextNames();
}
