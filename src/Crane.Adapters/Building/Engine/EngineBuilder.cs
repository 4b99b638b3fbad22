using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Building;

/// <summary>
/// The builder that every engine has in it, by <c>POST /build</c> of its API
/// (https://docs.docker.com/reference/api/engine/version/v1.48/#tag/Image/operation/ImageBuild).
/// </summary>
/// <param name="engine">The engine; disposed with the builder.</param>
/// <param name="credentials">What the engine is lent to fetch bases; disposed with the builder.</param>
/// <param name="environment">Where an argument without a value takes it from, and where the caches are.</param>
internal sealed class EngineBuilder(
    EngineApi engine, RegistryCredentials credentials, DockerEnvironment environment) : IImageBuilder
{
    private readonly DockerLocalImages _images = new(engine);
    private readonly InputLabels _labels = new(new InputReader(environment), new DockerLocalImages(engine));
    private readonly EngineBases _bases = new(engine, credentials);

    /// <summary>The engine's address.</summary>
    public string Name => engine.Endpoint.Address;

    public async Task<string?> BuildAsync(BuildRequest request, Action<string> step, CancellationToken cancellation)
    {
        var build = request.Build;
        EngineLimits.CheckKeys(build, request.Target);
        var source = EngineSource.Open(build, environment.Variables, request.Bases);
        var fetched = await _bases.CredentialsAsync(source, request.Bases.Pull, cancellation);
        build = (await _labels.AddAsync(request.Plan, request.Bases, InputLabels.NoneMade, cancellation)).Build;
        using var content = source.Content(step);
        var log = new EngineBuildLog(line => step(source.Mask(line)));
        var message = new EngineRequest(
            HttpMethod.Post, EngineBuildQuery.Path(build, source, request.Options.NoCache, request.Bases.Pull, environment.Variables))
        {
            RegistryConfig = RegistryAuth.ConfigHeader(fetched),
            Content = content,
            IsConfidential = true,
            MayBeSilent = true,
        };
        await foreach (var reply in engine.StreamAsync(message, cancellation))
        {
            log.Take(reply);
            if (reply.Failed is { } words)
                throw EngineBuildFaults.Failed(request.Target, source, log, source.Mask(words), credentials);
        }

        await NameAsync(log.ImageId ?? throw EngineBuildFaults.NoImage(request.Target), request.Target, cancellation);
        return log.ImageId;
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <remarks>
    /// The engine could do it in the same request. But it looks for a client that has gone only between two steps: one that
    /// left during the last would get its name after all.
    /// </remarks>
    private async Task NameAsync(string id, ImageName target, CancellationToken cancellation)
    {
        if (!await _images.TryTagAsync(id, target, cancellation))
            throw EngineBuildFaults.Gone(target);
    }
}
