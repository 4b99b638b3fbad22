using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;

namespace Crane.Adapters.Building;

/// <summary>What the engine is lent to fetch the bases of a build that are images of others.</summary>
internal sealed class EngineBases(EngineApi engine, RegistryCredentials credentials)
{
    private const string DockerHub = "docker.io";

    private readonly DockerLocalImages _images = new(engine);

    /// <summary>The credentials of the registries that the engine will ask, by their keys.</summary>
    /// <param name="source">The build's source.</param>
    /// <param name="pull">Whether bases are fetched even if they are here.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="CraneException">As of <see cref="RegistryCredentials.GetAsync"/>.</exception>
    public async Task<IReadOnlyDictionary<string, RegistryCredential>> CredentialsAsync(
        EngineSource source, bool pull, CancellationToken cancellation)
    {
        if (source.Images is not { } images)
            return await CredentialsAsync([DockerHub, .. credentials.GivenRegistries], cancellation);
        var registries = new HashSet<string>();
        foreach (var image in images)
        {
            // A helper may take seconds, or not work: it is asked only for what the engine will fetch.
            if (pull || await _images.FindAsync(image, cancellation) is null)
                registries.Add(image.Registry);
        }

        return await CredentialsAsync(registries, cancellation);
    }

    private async Task<IReadOnlyDictionary<string, RegistryCredential>> CredentialsAsync(
        IEnumerable<string> registries, CancellationToken cancellation)
    {
        var found = new Dictionary<string, RegistryCredential>();
        foreach (var registry in registries)
        {
            if (await credentials.GetAsync(registry, cancellation) is { } credential)
                found[RegistryKey.Canonical(registry)] = credential;
        }

        return found;
    }
}
