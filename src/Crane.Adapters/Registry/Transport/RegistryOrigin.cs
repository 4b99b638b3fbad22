using System.Net;
using Crane.Names;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Where a registry's API may be: scheme, host and port.</summary>
internal static class RegistryOrigin
{
    private const string DockerHubApi = "registry-1.docker.io";

    /// <summary>The host of a registry, without its port.</summary>
    public static string HostOf(string registry) => new Uri($"https://{ApiHost(registry)}").Host.Trim('[', ']');

    /// <summary>
    /// The origins to try, in this order; the first one that speaks HTTP is it. Plain http is among them only on this machine
    /// itself, where there is nobody to overhear it, and where the user has allowed it.
    /// </summary>
    /// <remarks>
    /// A loopback registry speaks http as a rule, and costs no more then; TLS there is noticed by what it answers.
    /// </remarks>
    public static IReadOnlyList<Uri> Candidates(string registry, bool isInsecure)
    {
        var host = ApiHost(registry);
        var (https, http) = (new Uri($"https://{host}"), new Uri($"http://{host}"));
        if (IsLoopback(https))
            return https.Port == 443 && host.EndsWith(":443", StringComparison.Ordinal) ? [https, http] : [http, https];
        return isInsecure ? [https, http] : [https];
    }

    /// <summary>Whether an address is on this machine: <c>localhost</c>, 127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>
    /// Whether an address that a registry gave means the registry itself. Behind a proxy that ends TLS, registries say http for
    /// https, and some leave out their port where it is the usual one.
    /// </summary>
    public static bool IsSame(Uri origin, Uri address) =>
        origin.Host == address.Host
        && (origin.Port == address.Port || (origin.IsDefaultPort && address.IsDefaultPort && origin.Scheme == Uri.UriSchemeHttps));

    private static string ApiHost(string registry) =>
        RegistryAddress.HostOf(registry) is var host && host == RegistryAddress.DockerHub ? DockerHubApi : host;
}
