using System.Net;
using Crane.Names;

namespace Crane.Adapters.Registry.Http;

/// <summary>Where one registry's API is, scheme, host and port, and which addresses are its own.</summary>
/// <param name="registry">The registry as image names have it.</param>
/// <param name="isInsecure">Whether the user allows plain http and certificates that nobody has checked.</param>
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
    /// The origins to try, in this order; the first one that speaks HTTP is it. Plain http is among them only on this machine
    /// itself, where there is nobody to overhear it, and where the user has allowed it.
    /// </summary>
    /// <remarks>
    /// A loopback registry speaks http as a rule, and costs no more then; TLS there is noticed by its response.
    /// </remarks>
    public IReadOnlyList<Uri> Candidates()
    {
        var host = ApiHost(registry);
        var (https, http) = (new Uri($"https://{host}"), new Uri($"http://{host}"));
        if (IsLoopback(https))
            return https.Port == 443 && host.EndsWith(":443", StringComparison.Ordinal) ? [https, http] : [http, https];
        return isInsecure ? [https, http] : [https];
    }

    /// <summary>Whether an address is the registry's own, so that credentials may be sent there; a path is.</summary>
    public bool IsOurs(Uri address) =>
        !address.IsAbsoluteUri || (_found is { } origin && address.Scheme == origin.Scheme && address.Authority == origin.Authority);

    /// <summary>Whether an address means the registry, as it gives it or as others may write it.</summary>
    public bool Serves(Uri address) => _found is { } origin && IsSame(origin, address);

    /// <summary>How messages begin that are about whoever is asked at an address.</summary>
    public string TitleOf(HttpMethod method, Uri address) => IsOurs(address) ? Title
        : method == HttpMethod.Get || method == HttpMethod.Head
            ? $"The host '{address.Authority}', to which the registry '{registry}' points,"
            : $"The upload host '{address.Authority}' of the registry '{registry}'";

    public static string TitleOf(string registry) => $"The registry '{registry}'";

    /// <summary>Makes sure that an address that the registry gave may be gone to.</summary>
    /// <exception cref="CraneException">RegistryUnreachable where it may not, or is none.</exception>
    public Uri Check(Uri? address)
    {
        if (address is null)
            throw ResponseErrors.Redirect(Title, "to something that is no address");
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            throw ResponseErrors.Redirect(Title, $"to an address of the scheme '{address.Scheme}'");
        if (IsSame(_found!, address))
            return At(_found!, address.PathAndQuery);
        return address.Scheme == Uri.UriSchemeHttps || MayBePlain(address)
            ? address
            : throw ResponseErrors.Redirect(Title, $"to '{address.Authority}', without encryption");
    }

    /// <summary>Whether the registry may send us to an address over plain http.</summary>
    public bool MayBePlain(Uri address) => MayBePlain(_found!, address, isInsecure);

    /// <summary>
    /// The same for one that is there. Nobody overhears a machine that speaks to itself; but only a registry of this machine may
    /// send us to what else runs on it.
    /// </summary>
    public static bool MayBePlain(Uri origin, Uri address, bool isInsecure) =>
        IsLoopback(address) ? IsLoopback(origin) : isInsecure;

    public static Uri At(Uri origin, string path) => new(origin.GetLeftPart(UriPartial.Authority) + path);

    /// <summary>The host of a registry, without its port.</summary>
    public static string HostOf(string registry) => new Uri($"https://{ApiHost(registry)}").Host.Trim('[', ']');

    /// <summary>Whether an address is on this machine: <c>localhost</c>, 127.0.0.0/8 or ::1.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    // Behind a proxy that ends TLS, registries say http for https, and some leave out their port where it is the usual one.
    private static bool IsSame(Uri origin, Uri address) =>
        origin.Host == address.Host
        && (origin.Port == address.Port || (origin.IsDefaultPort && address.IsDefaultPort && origin.Scheme == Uri.UriSchemeHttps));

    private static string ApiHost(string registry) =>
        RegistryAddress.HostOf(registry) is var host && host == RegistryAddress.DockerHub ? DockerHubApi : host;
}
