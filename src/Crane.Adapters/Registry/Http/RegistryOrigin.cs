using System.Net;
using Crane.Names;

namespace Crane.Adapters.Registry.Http;

/// <summary>The origin of a registry's API (scheme, host and port), and which addresses belong to it.</summary>
/// <param name="registry">The registry as in image names.</param>
/// <param name="isInsecure">Whether the user allows plain http and unchecked certificates.</param>
internal sealed class RegistryOrigin(string registry, bool isInsecure)
{
    private const string DockerHubApi = "registry-1.docker.io";

    private volatile Uri? _found;

    public string Registry => registry;

    public string Title { get; } = TitleOf(registry);

    /// <summary>The origin; null until the registry has responded.</summary>
    public Uri? Found
    {
        get => _found;
        set => _found = value;
    }

    /// <summary>
    /// The origins to try, in this order; the first that speaks HTTP counts. Plain http is among them only on this machine itself, and
    /// where the user has allowed it.
    /// </summary>
    /// <remarks>
    /// A loopback registry is tried with http first, which most of them speak; one with TLS is recognized by its response.
    /// </remarks>
    public IReadOnlyList<Uri> Candidates()
    {
        var host = ApiHost(registry);
        var (https, http) = (new Uri($"https://{host}"), new Uri($"http://{host}"));
        if (IsLoopback(https))
            return https.Port == 443 && host.EndsWith(":443", StringComparison.Ordinal) ? [https, http] : [http, https];
        return isInsecure ? [https, http] : [https];
    }

    /// <summary>Whether an address belongs to the registry, so that credentials may be sent there; a path does.</summary>
    public bool IsOurs(Uri address) =>
        !address.IsAbsoluteUri || (_found is { } origin && address.Scheme == origin.Scheme && address.Authority == origin.Authority);

    /// <summary>Whether an address means the registry, in any way to write it.</summary>
    public bool Serves(Uri address) => _found is { } origin && IsSame(origin, address);

    /// <summary>The server at an address, for the start of a message.</summary>
    public string TitleOf(HttpMethod method, Uri address) => IsOurs(address) ? Title
        : method == HttpMethod.Get || method == HttpMethod.Head
            ? $"The host '{address.Authority}', to which the registry '{registry}' redirects,"
            : $"The upload host '{address.Authority}' of the registry '{registry}'";

    public static string TitleOf(string registry) => $"The registry '{registry}'";

    /// <summary>Checks that a redirect of the registry may be followed.</summary>
    /// <exception cref="CraneException">RegistryUnreachable where it may not, or is invalid.</exception>
    public Uri Check(Uri? address)
    {
        if (address is null)
            throw ResponseErrors.Redirect(Title, "to an invalid address");
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            throw ResponseErrors.Redirect(Title, $"to an address with the scheme '{address.Scheme}'");
        if (IsSame(_found!, address))
            return At(_found!, address.PathAndQuery);
        return address.Scheme == Uri.UriSchemeHttps || MayBePlain(address)
            ? address
            : throw ResponseErrors.Redirect(Title, $"to '{address.Authority}' without encryption");
    }

    /// <summary>Whether the registry may redirect to an address over plain http.</summary>
    public bool MayBePlain(Uri address) => MayBePlain(_found!, address, isInsecure);

    /// <summary>
    /// The same for an origin. Loopback is safe from eavesdropping, but only a registry on this machine may redirect to what else runs
    /// on it.
    /// </summary>
    public static bool MayBePlain(Uri origin, Uri address, bool isInsecure) =>
        IsLoopback(address) ? IsLoopback(origin) : isInsecure;

    public static Uri At(Uri origin, string path) => new(origin.GetLeftPart(UriPartial.Authority) + path);

    /// <summary>The host of a registry, without its port.</summary>
    public static string HostOf(string registry) => new Uri($"https://{ApiHost(registry)}").Host.Trim('[', ']');

    /// <summary>Whether an address is on this machine: <c>localhost</c>, 127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    // Behind a proxy that ends TLS, registries write http for https, and some omit the default port.
    private static bool IsSame(Uri origin, Uri address) =>
        origin.Host == address.Host
        && (origin.Port == address.Port || (origin.IsDefaultPort && address.IsDefaultPort && origin.Scheme == Uri.UriSchemeHttps));

    private static string ApiHost(string registry) =>
        RegistryAddress.HostOf(registry) is var host && host == RegistryAddress.DockerHub ? DockerHubApi : host;
}
