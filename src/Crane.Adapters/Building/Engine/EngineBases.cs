using Crane.Adapters.Credentials;
using Crane.Adapters.Docker;

namespace Crane.Adapters.Building;

/// <summary>What the engine needs to get the bases of a build.</summary>
internal sealed class EngineBases(EngineApi engine, RegistryCredentials credentials)
{
    private const string DockerHub = "docker.io";

    private readonly DockerLocalImages _images = new(engine);
    private readonly DockerTransfer _transfer = new(engine, credentials);
    private readonly HashSet<ImageName> _made = [];

    /// <summary>Notes what this run has made: no registry has it under that name, or has a newer one.</summary>
    public void Made(params IEnumerable<ImageName> images)
    {
        lock (_made)
            _made.UnionWith(images.Select(image => image.WithoutDigest()));
    }

    /// <summary>Finds what is to be fetched, and with which credentials.</summary>
    /// <param name="source">The build's source.</param>
    /// <param name="pull">Whether bases are fetched even if they are here.</param>
    /// <param name="step">Takes what pulls say.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="CraneException">As of a pull, and of <see cref="RegistryCredentials.GetAsync"/>.</exception>
    public async Task<BasesToFetch> PrepareAsync(
        EngineSource source, bool pull, Action<string> step, CancellationToken cancellation)
    {
        if (source.Images is not { } images)
            return new(pull, await CredentialsAsync([DockerHub, .. credentials.GivenRegistries], cancellation));

        // The engine would fetch all or none, and then put what a registry has in the place of what was just made.
        if (pull && images.Any(IsMade))
        {
            var progress = new PullSteps(step);
            foreach (var image in images.Where(image => !IsMade(image)))
                await _transfer.PullAsync(image, progress, cancellation);
            pull = false;
        }

        var registries = new HashSet<string>();
        foreach (var image in images)
        {
            // A helper may take seconds, or not work: it is asked only for what the engine will fetch.
            if (pull || await _images.FindAsync(image, cancellation) is null)
                registries.Add(image.Registry);
        }

        return new(pull, await CredentialsAsync(registries, cancellation));
    }

    private bool IsMade(ImageName image)
    {
        lock (_made)
            return _made.Contains(image);
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

/// <summary>What the engine is told about the bases of a build.</summary>
/// <param name="Pull">Whether it fetches them even if they are here.</param>
/// <param name="Credentials">The credentials of registries, by their keys.</param>
internal sealed record BasesToFetch(bool Pull, IReadOnlyDictionary<string, RegistryCredential> Credentials);
