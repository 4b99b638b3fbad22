using System.Net;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The hosts without a proxy: <c>NO_PROXY</c> as docker and its engines read it (<c>golang.org/x/net/http/httpproxy</c>). A host includes
/// its subdomains; <c>.suffix</c> and <c>*.suffix</c> are the subdomains alone; IP addresses; CIDR ranges; each but the ranges with an
/// optional port; <c>*</c> for all.
/// </summary>
internal sealed class ProxyExceptions
{
    private readonly List<Func<Uri, IPAddress?, bool>> _rules = [];

    /// <summary>Reads the list; invalid entries are skipped.</summary>
    public ProxyExceptions(string? list)
    {
        const StringSplitOptions Clean = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var entry in (list ?? "").ToLowerInvariant().Split(',', Clean))
            if (Rule(entry) is { } rule)
                _rules.Add(rule);
    }

    /// <summary>Whether an address is reached without a proxy. This machine always is.</summary>
    public bool Covers(Uri address)
    {
        var host = Unbracketed(address.Host);
        if (host == "localhost")
            return true;
        var ip = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return (ip is not null && IPAddress.IsLoopback(ip)) || _rules.Exists(rule => rule(address, ip));
    }

    private static Func<Uri, IPAddress?, bool>? Rule(string entry)
    {
        if (entry == "*")
            return (_, _) => true;
        if (entry.Contains('/', StringComparison.Ordinal))
            return Range(entry) is { } range ? (_, ip) => ip is not null && range.Contains(ip) : null;

        var (host, port) = Split(entry);
        if (host.Length == 0)
            return null;
        bool IsPort(Uri address) => port is null || address.Port == port;
        if (IPAddress.TryParse(host, out var only))
            return (address, ip) => only.Equals(ip) && IsPort(address);

        var isSuffix = host[0] == '.' || host.StartsWith("*.", StringComparison.Ordinal);
        var suffix = isSuffix ? host[host.IndexOf('.', StringComparison.Ordinal)..] : $".{host}";
        return (address, _) => IsPort(address)
            && (address.IdnHost.EndsWith(suffix, StringComparison.Ordinal) || (!isSuffix && address.IdnHost == host));
    }

    // The bits after the prefix may be set, which .NET refuses.
    private static IPNetwork? Range(string entry)
    {
        if (entry.Split('/') is not [var start, var length] || !IPAddress.TryParse(start, out var address)
            || !int.TryParse(length, out var prefix))
            return null;
        var bytes = address.GetAddressBytes();
        if (prefix < 0 || prefix > bytes.Length * 8)
            return null;
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    private static (string Host, int? Port) Split(string entry)
    {
        // An IPv6 address without brackets has colons, and no port.
        var colon = entry.LastIndexOf(':');
        var isBracketed = colon > 0 && entry[colon - 1] == ']';
        var hasPort = isBracketed || (colon >= 0 && entry.IndexOf(':', StringComparison.Ordinal) == colon);
        return hasPort && int.TryParse(entry.AsSpan(colon + 1), out var port)
            ? (Unbracketed(entry[..colon]), port)
            : (Unbracketed(entry), null);
    }

    private static string Unbracketed(string host) => host is ['[', .. var inner, ']'] ? inner : host;
}
