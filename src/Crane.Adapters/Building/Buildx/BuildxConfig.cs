using System.Text;
using System.Text.Json;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// A folder of one run: what Buildx writes about it, and where credentials were given, a docker configuration that has them
/// beside all that the user's own has. Only this user can read it; it is gone with the run.
/// </summary>
internal sealed class BuildxConfig : IDisposable
{
    private readonly string _userFolder;
    private bool _isOwn;

    private BuildxConfig(string userFolder) => _userFolder = userFolder;

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("crane-buildx-").FullName;

    /// <summary>What Buildx takes for docker's folder.</summary>
    public string ConfigFolder => _isOwn ? Folder : _userFolder;

    /// <summary>Where Buildx writes what it made.</summary>
    public string MetadataPath => Path.Combine(Folder, "metadata.json");

    /// <summary>Makes the folder of a run.</summary>
    /// <param name="credentials">What there is for registries.</param>
    /// <param name="registries">The registries that bases come from.</param>
    /// <param name="environment">The user's own configuration.</param>
    /// <param name="cancellation">Ends waiting for credential helpers.</param>
    /// <exception cref="CraneException">As of <see cref="RegistryCredentials.GetAsync"/>.</exception>
    public static async Task<BuildxConfig> CreateAsync(
        RegistryCredentials credentials, IEnumerable<string> registries, DockerEnvironment environment, CancellationToken cancellation)
    {
        var config = new BuildxConfig(environment.ConfigFolder);
        try
        {
            if (credentials.GivenRegistries.Any())
                await config.WriteAsync(credentials, registries, environment, cancellation);
            return config;
        }
        catch
        {
            config.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task WriteAsync(
        RegistryCredentials credentials, IEnumerable<string> registries, DockerEnvironment environment, CancellationToken cancellation)
    {
        // A builder may be called as a context is.
        if (!environment.IsWindows && Path.Combine(_userFolder, "contexts") is var contexts && Directory.Exists(contexts))
            Directory.CreateSymbolicLink(Path.Combine(Folder, "contexts"), contexts);

        // A helper for all registries would come before what stands in the file, so what it has is written there, too.
        var known = new Dictionary<string, RegistryCredential>(StringComparer.Ordinal);
        foreach (var registry in credentials.GivenRegistries.Concat(registries))
        {
            if (await credentials.GetAsync(registry, cancellation) is { } credential)
                known[RegistryKey.Canonical(registry)] = credential;
        }

        await using var stream = File.Create(Path.Combine(Folder, "config.json"));
        await using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartObject("auths");
        foreach (var (registry, credential) in known)
        {
            json.WriteStartObject(registry);
            Write(json, credential);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (DockerConfigFile.Load(environment)?.Root.TryGetProperty("proxies", out var proxies) == true)
        {
            json.WritePropertyName("proxies");
            proxies.WriteTo(json);
        }

        json.WriteEndObject();
        _isOwn = true;
    }

    private static void Write(Utf8JsonWriter json, RegistryCredential credential)
    {
        switch (credential)
        {
            case PasswordCredential given:
                json.WriteString("auth", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{given.UserName}:{given.Password}")));
                break;
            case IdentityTokenCredential given:
                json.WriteString("identitytoken", given.Token);
                break;
            case BearerTokenCredential given:
                json.WriteString("registrytoken", given.Token);
                break;
        }
    }
}
