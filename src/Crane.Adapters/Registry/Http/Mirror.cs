using Crane.Names;

namespace Crane.Adapters.Registry.Http;

/// <summary>A registry that has what another has, and is read first: <c>registries.HOST.mirrors</c>.</summary>
/// <param name="Host">The mirror's own name, by which its credentials and settings are found.</param>
/// <param name="PathPrefix">What comes in front of every repository there; null where nothing does.</param>
internal sealed record Mirror(string Host, string? PathPrefix)
{
    private const string Root = "/v2/";
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>
    /// Reads a mirror: a host, <c>host:port</c>, either with a path prefix, or the address that docker's settings have.
    /// </summary>
    /// <exception cref="CraneException">InvalidRegistry; InvalidValue for plain http that is not allowed.</exception>
    public static Mirror Parse(string text, Func<string, bool> isInsecure)
    {
        var isPlain = text.StartsWith(Http, StringComparison.OrdinalIgnoreCase);
        var scheme = isPlain ? Http : text.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? Https : "";
        var address = RegistryAddress.Parse(text[scheme.Length..]);
        return isPlain && !isInsecure(address.Host) && !RegistryOrigin.IsLoopback(new Uri($"{Http}{address.Host}"))
            ? throw new CraneException(
                CraneErrorId.InvalidValue, $"The mirror '{address}' would be spoken to over plain http.",
                $"Write https, or allow it with registries.{address.Host}.insecure in the crane file.")
            : new Mirror(address.Host, address.PathPrefix);
    }

    /// <summary>The request as this mirror has it. It cannot have one for an address that its registry gave.</summary>
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
