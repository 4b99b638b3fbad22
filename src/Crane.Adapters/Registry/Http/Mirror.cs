using Crane.Names;

namespace Crane.Adapters.Registry.Http;

/// <summary>A registry that is read in place of another one: <c>registries.HOST.mirrors</c>.</summary>
/// <param name="Host">The mirror's own host, whose credentials and settings are used.</param>
/// <param name="PathPrefix">What comes before every repository there; null for nothing.</param>
internal sealed record Mirror(string Host, string? PathPrefix)
{
    private const string Root = "/v2/";
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>
    /// Reads a mirror: <c>host</c> or <c>host:port</c>, with an optional path prefix and scheme.
    /// </summary>
    /// <exception cref="CraneException">InvalidRegistry; InvalidValue for plain http that is not allowed.</exception>
    public static Mirror Parse(string mirror, Func<string, bool> isInsecure)
    {
        var isPlain = mirror.StartsWith(Http, StringComparison.OrdinalIgnoreCase);
        var scheme = isPlain ? Http : mirror.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? Https : "";
        var address = RegistryAddress.Parse(mirror[scheme.Length..]);
        return isPlain && !isInsecure(address.Host) && !RegistryOrigin.IsLoopback(new Uri($"{Http}{address.Host}"))
            ? throw new CraneException(
                CraneErrorId.InvalidValue, $"The mirror '{address}' uses plain http.",
                $"Use https, or allow it with registries.{address.Host}.insecure in the crane file.")
            : new Mirror(address.Host, address.PathPrefix);
    }

    /// <summary>The same request to this mirror. It must be for a path, not for an address of the registry.</summary>
    public RegistryRequest Rewrite(RegistryRequest request) => request with
    {
        Registry = Host,
        Path = PathPrefix is null || !request.Path.StartsWith(Root, StringComparison.Ordinal)
            ? request.Path : $"{Root}{PathPrefix}/{request.Path[Root.Length..]}",
        Scopes = PathPrefix is null
            ? request.Scopes
            : request.Scopes.Select(scope => scope with { Repository = $"{PathPrefix}/{scope.Repository}" }).ToList(),
    };
}
