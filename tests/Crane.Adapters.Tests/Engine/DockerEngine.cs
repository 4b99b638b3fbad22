using Crane.Adapters.Building;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Crane.Building;
using Crane.Moving.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Opens what works with an engine, in an environment of the test's own.</summary>
internal static class DockerEngine
{
    public static async Task<IImageStore> OpenAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation, EngineTimeouts? timeouts = null) =>
        new EngineStore(await EngineClient.ConnectAsync(request, environment, cancellation, timeouts), Credentials(request, environment));

    public static async Task<IImageBuilder> OpenBuilderAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation) =>
        new EngineBuilder(await EngineClient.ConnectAsync(request, environment, cancellation), Credentials(request, environment), environment);

    public static async Task<IGraphBuilder> OpenBuildxAsync(
        StoreRequest request, string? builder, DockerEnvironment environment, CancellationToken cancellation) =>
        new BuildxBuilder(
            await EngineClient.ConnectAsync(request, environment, cancellation), Credentials(request, environment), environment,
            await BuildxProgram.FindAsync(environment, cancellation), builder);

    private static RegistryCredentials Credentials(StoreRequest request, DockerEnvironment environment) =>
        new(request.Credentials, environment, request.Warn);
}
