using Crane.Names;

namespace Crane.Adapters.Credentials;

/// <summary>
/// How registries are keyed in docker's configuration: by host, by URL, and Docker Hub by the URL of its first version.
/// After <c>ConvertToHostname</c> and <c>GetAuthConfigKey</c> of docker's command line.
/// </summary>
internal static class RegistryKey
{
    /// <summary>The key under which docker keeps credentials for Docker Hub.</summary>
    public const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>The key that <c>docker login</c> writes for a registry.</summary>
    public static string Canonical(string registry)
    {
        var host = RegistryAddress.HostOf(registry);
        return host == RegistryAddress.DockerHub ? DockerHub : host;
    }

    /// <summary>Whether a key found in a configuration is about that registry.</summary>
    public static bool Matches(string key, string registry) => RegistryAddress.HostOf(key) == RegistryAddress.HostOf(registry);
}
