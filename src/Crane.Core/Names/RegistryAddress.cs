using Crane.Errors;

namespace Crane.Names;

/// <summary>The value of a <c>registry</c> directive: a host with an optional port, and an optional path prefix.</summary>
/// <param name="Host">Host and port, such as <c>r.co:5000</c>.</param>
/// <param name="PathPrefix">The prefix of every path there, such as <c>acme</c>; null for none.</param>
internal sealed record RegistryAddress(string Host, string? PathPrefix)
{
    /// <summary>Docker Hub, the default registry, as image names have it.</summary>
    public const string DockerHub = "docker.io";

    private const string Example = "Write a host such as 'registry.company.co', 'host:5000' or 'ghcr.io/acme'.";

    /// <summary>Reads a registry; one trailing slash is removed.</summary>
    /// <exception cref="CraneException">InvalidRegistry.</exception>
    public static RegistryAddress Parse(string text) => Read(text, out var address) is { } error
        ? throw error.ToException(CraneErrorId.InvalidRegistry, "Registry", UserInformation.Mask(text))
        : address!;

    /// <summary>Whether an image name can have this host.</summary>
    public static bool IsHost(string text) => Read(text, out var address) is null && address is { PathPrefix: null };

    /// <summary>The host of a registry for comparing: in lower case, without scheme and path, with one name for Docker Hub.</summary>
    public static string HostOf(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = address.IndexOf('/', start);
        var host = (end < 0 ? address[start..] : address[start..end]).ToLowerInvariant();
        return host is "index.docker.io" or "registry-1.docker.io" ? DockerHub : host;
    }

    public override string ToString() => PathPrefix is null ? Host : $"{Host}/{PathPrefix}";

    private static NameError? Read(string text, out RegistryAddress? address)
    {
        address = null;
        return ImageNameScanner.FindScheme(text) is { } scheme ? RefuseScheme(scheme, text) : ReadAddress(text, out address);
    }

    private static NameError? ReadAddress(string text, out RegistryAddress? address)
    {
        address = null;
        var trimmed = text.EndsWith('/') ? text[..^1] : text;
        var slash = trimmed.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? trimmed : trimmed[..slash];
        var prefix = slash < 0 ? null : trimmed[(slash + 1)..];

        if (HostGrammar.Check(host) is { } hostError)
            return hostError with { Advice = hostError.Advice ?? Example };
        if (prefix is not null && PathGrammar.Check(prefix) is { } prefixError)
            return prefixError.From(slash + 1);
        if (!HostGrammar.ReadsAsRegistry(host) || HostGrammar.IsRegistryByCapitals(host))
            return new("registry host", 0,
                $"{VisibleText.Quote(host)} in front of a name reads as a user of Docker Hub;"
                    + $" a host would be {VisibleText.Quote($"{host}:443{trimmed.AsSpan(host.Length)}")}",
                "If it is a host, add its port; if it is a user, use override_user.");

        address = new(host, prefix);
        return null;
    }

    private static NameError RefuseScheme(string scheme, string text)
    {
        var error = ReadAddress(text[scheme.Length..], out var address);
        var offer = address is null ? "" : $"; write {VisibleText.Quote(address.ToString())}";
        return new("registry host", 0, "a registry has no scheme" + offer,
            $"Remove {VisibleText.Quote(scheme)}. {error?.Advice}".TrimEnd());
    }
}
