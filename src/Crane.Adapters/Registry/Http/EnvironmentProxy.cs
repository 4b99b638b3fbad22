using System.Net;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The proxies of the environment: <c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c> for either, and
/// <c>NO_PROXY</c>, in upper or lower case.
/// </summary>
/// <remarks>
/// .NET's own reads the environment once in a process, has no CIDR ranges and ports in <c>NO_PROXY</c>, and shows a proxy's password in
/// messages.
/// </remarks>
internal sealed class EnvironmentProxy : IWebProxy, ICredentials
{
    private readonly ProxyExceptions _exceptions;
    private readonly Dictionary<string, (string Variable, Uri Address)?> _proxies;

    public EnvironmentProxy(DockerEnvironment environment)
    {
        _exceptions = new ProxyExceptions(Variable(environment, "NO_PROXY").Value);
        _proxies = new()
        {
            // In a CGI program the header Proxy of a request becomes HTTP_PROXY.
            [Uri.UriSchemeHttp] = environment.Get("REQUEST_METHOD") is null ? Read(environment, "HTTP_PROXY") : null,
            [Uri.UriSchemeHttps] = Read(environment, "HTTPS_PROXY"),
        };
    }

    public ICredentials? Credentials
    {
        get => this;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) => Find(destination) is { } proxy ? Bare(proxy.Address) : null;

    /// <summary>The proxy of an address, for the start of a message; null where there is none.</summary>
    public string? Title(Uri destination) =>
        Find(destination) is { } proxy ? $"The proxy '{proxy.Address.Authority}' of {proxy.Variable}" : null;

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    public NetworkCredential? GetCredential(Uri uri, string authType) => _proxies.Values
        .Select(proxy => proxy?.Address)
        .Where(proxy => proxy is { UserInfo.Length: > 0 } && Bare(proxy).Authority == uri.Authority)
        .Select(proxy => proxy!.UserInfo.Split(':', 2))
        .Select(parts => parts.Select(Uri.UnescapeDataString).ToArray())
        .Select(parts => new NetworkCredential(parts[0], parts.ElementAtOrDefault(1) ?? ""))
        .FirstOrDefault();

    private (string Variable, Uri Address)? Find(Uri destination) =>
        _exceptions.Covers(destination) ? null : _proxies.GetValueOrDefault(destination.Scheme);

    // .NET quotes the address in its errors.
    private static Uri Bare(Uri proxy) => new(proxy.GetLeftPart(UriPartial.Scheme) + proxy.Authority);

    private static (string Variable, Uri Address)? Read(DockerEnvironment environment, string name)
    {
        var (variable, value) = Variable(environment, name) is { Value: not null } own ? own : Variable(environment, "ALL_PROXY");
        if (value is null)
            return null;
        // Nothing may follow host and port, so that a scheme with a typo is not taken for a host.
        var address = value.Contains("://", StringComparison.Ordinal) ? value : $"http://{value}";
        return HeaderValues.Address(address) is { Host.Length: > 0, PathAndQuery: "/" or "" } proxy && !value.TrimEnd('/').EndsWith(':')
            && proxy.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5" or "socks5h"
                ? (variable, AsKnown(proxy))
                : throw new CraneException(
                    CraneErrorId.InvalidValue, $"{variable} is not the address of a proxy.",
                    $"Write {variable} as http://HOST:PORT or socks5://HOST:PORT.");
    }

    // .NET calls socks5 what curl calls socks5h: the proxy looks names up.
    private static Uri AsKnown(Uri proxy) => proxy.Scheme == "socks5h" ? new UriBuilder(proxy) { Scheme = "socks5" }.Uri : proxy;

    private static (string Name, string? Value) Variable(DockerEnvironment environment, string name)
    {
        var lower = name.ToLowerInvariant();
        return environment.Get(name) is { } value ? (name, value) : (lower, environment.Get(lower));
    }
}
