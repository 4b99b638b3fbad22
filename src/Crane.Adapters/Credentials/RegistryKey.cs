namespace Crane.Adapters.Credentials;

/// <summary>
/// How registries are keyed in docker's configuration: by host, by URL, and Docker Hub by the URL of its first version.
/// After <c>ConvertToHostname</c> and <c>GetAuthConfigKey</c> of docker's command line.
/// </summary>
internal static class RegistryKey
{
    /// <summary>The key under which docker keeps credentials for Docker Hub.</summary>
    public const string DockerHub = "https://index.docker.io/v1/";

    private const string HubHost = "docker.io";

    /// <summary>The key that <c>docker login</c> writes for a registry.</summary>
    public static string Canonical(string registry)
    {
        var host = Host(registry);
        return host == HubHost ? DockerHub : host;
    }

    /// <summary>Whether a key found in a configuration is about that registry.</summary>
    public static bool Matches(string key, string registry) => Host(key) == Host(registry);

    /// <summary>The host with its port, in lower case: no scheme, no path, and one name for Docker Hub.</summary>
    public static string Host(string key)
    {
        var scheme = key.IndexOf("://", StringComparison.Ordinal);
        var host = scheme < 0 ? key : key[(scheme + 3)..];
        var path = host.IndexOf('/', StringComparison.Ordinal);
        host = (path < 0 ? host : host[..path]).ToLowerInvariant();
        return host is "index.docker.io" or "registry-1.docker.io" ? HubHost : host;
    }
}
