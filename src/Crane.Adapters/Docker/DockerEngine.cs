using Crane.Adapters.Building;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;
using Crane.Building;
using Crane.Moving.Engine;

namespace Crane.Adapters.Docker;

/// <summary>Finds and reaches a container engine.</summary>
internal static class DockerEngine
{
    /// <summary>For all that is tried together: an engine that is not there is told within five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>The images of the engine that a request means, after it has answered.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static async Task<IImageStore> OpenAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation, EngineTimeouts? timeouts = null) =>
        new DockerImageStore(
            await ConnectAsync(request, environment, cancellation, timeouts),
            new RegistryCredentials(request.Credentials, environment, request.Warn));

    /// <summary>The builder of the engine that a request means, after it has answered.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static async Task<IImageBuilder> OpenBuilderAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation) =>
        new EngineBuilder(
            await ConnectAsync(request, environment, cancellation),
            new RegistryCredentials(request.Credentials, environment, request.Warn),
            environment);

    /// <summary>Buildx, and the engine that a request means, after it has answered.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static async Task<IGraphBuilder> OpenBuildxAsync(
        StoreRequest request, string? builder, DockerEnvironment environment, CancellationToken cancellation)
    {
        var program = await BuildxProgram.FindAsync(environment, cancellation);
        return new BuildxBuilder(
            await ConnectAsync(request, environment, cancellation),
            new RegistryCredentials(request.Credentials, environment, request.Warn),
            environment, program, builder);
    }

    /// <summary>Shows the images of the engine that a request means, after it has answered.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static async Task<EngineInspector> OpenInspectorAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation) =>
        new EngineInspector(await ConnectAsync(request, environment, cancellation));

    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoint tried; InvalidValue for an engine that no rule reads, or a broken configuration.
    /// </exception>
    private static async Task<EngineApi> ConnectAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation, EngineTimeouts? timeouts = null)
    {
        var endpoints = new EngineSearch(environment).Find(request.Engine);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);

        var faults = new List<CraneException>();
        foreach (var endpoint in endpoints)
        {
            try
            {
                return await EngineApi.OpenAsync(endpoint, request, timeouts ?? EngineTimeouts.Usual, patience.Token);
            }
            // A socket that nobody listens on is passed over; an engine that is not for this user is still the one that is meant.
            catch (CraneException fault) when (
                fault.Id == CraneErrorId.EngineUnreachable && !EngineFaults.IsPermissionDenied(fault))
            {
                faults.Add(fault);
            }
            catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
            {
                faults.Add(EngineFaults.Silent(endpoint, timeout));
                break;
            }
        }
        throw EngineFaults.NoneAnswers(faults);
    }
}
