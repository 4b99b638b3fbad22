using Crane.Adapters.Contexts;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;
using Crane.Adapters.Machine;
using Crane.Building;
using Crane.Names;

namespace Crane.Adapters.Building;

/// <summary>
/// The built-in builder of every engine, with <c>POST /build</c> of its API
/// (https://docs.docker.com/reference/api/engine/version/v1.48/#tag/Image/operation/ImageBuild).
/// </summary>
/// <param name="engine">The engine; disposed with the builder.</param>
/// <param name="credentials">The credentials to pull bases; disposed with the builder.</param>
/// <param name="environment">The environment of arguments without a value, and of the caches.</param>
internal sealed class EngineBuilder(
    EngineClient engine, RegistryCredentials credentials, DockerEnvironment environment) : IImageBuilder
{
    private readonly EngineImages _images = new(engine);
    private readonly InputLabels _labels = new(new InputReader(environment), new EngineImages(engine));

    /// <summary>The engine's address.</summary>
    public string Name => engine.Endpoint.Address;

    public async Task<string?> BuildAsync(BuildRequest request, Action<BuildLine> output, CancellationToken cancellation)
    {
        var build = request.Build;
        EngineLimits.CheckKeys(build, request.Target);
        var source = EngineSource.Open(build, environment.Variables, request.Bases);
        var pulling = await CredentialsAsync(source, request.Bases.Pull, cancellation);
        build = (await _labels.AddAsync(request.Plan, request.Bases, InputLabels.NoneBuilt, cancellation)).Build;
        using var content = source.Content(warning => output(new BuildLine(warning)));
        var log = new EngineBuildLog(line => output(line with { Text = source.Mask(line.Text) }));
        var path = EngineBuildQuery.Path(build, source, request.Options.NoCache, request.Bases.Pull, environment.Variables);
        await foreach (var message in engine.BuildAsync(path, content, RegistryAuth.ConfigHeader(pulling), cancellation))
        {
            log.Take(message);
            if (message.Error?.Message is { } words)
                throw EngineBuildErrors.Failed(request.Target, source, log, source.Mask(words), credentials);
        }

        await NameAsync(log.ImageId ?? throw EngineBuildErrors.NoImage(request.Target), request.Target, cancellation);
        return log.ImageId;
    }

    public ValueTask DisposeAsync()
    {
        engine.Dispose();
        credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    // For the registries that the engine will pull bases from.
    private async Task<IReadOnlyDictionary<string, RegistryCredential>> CredentialsAsync(
        EngineSource source, bool pull, CancellationToken cancellation)
    {
        var registries = new HashSet<string>(source.Images is null ? [RegistryAddress.DockerHub, .. credentials.GivenRegistries] : []);
        foreach (var image in source.Images ?? [])
        {
            // A helper may be slow or broken: it is asked only for what the engine will pull.
            if (pull || await _images.FindAsync(image, cancellation) is null)
                registries.Add(image.Registry);
        }

        var found = new Dictionary<string, RegistryCredential>();
        foreach (var registry in registries)
        {
            if (await credentials.GetAsync(registry, cancellation) is { } credential)
                found[RegistryKey.Canonical(registry)] = credential;
        }

        return found;
    }

    /// <remarks>
    /// Not in the same request: an engine notices a canceled client only between two steps, and would tag an image that was canceled in the
    /// last one.
    /// </remarks>
    private async Task NameAsync(string id, ImageName target, CancellationToken cancellation)
    {
        if (!await _images.TryTagAsync(id, target, cancellation))
            throw EngineBuildErrors.Gone(target);
    }
}
