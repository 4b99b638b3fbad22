using Crane.Adapters.Registry.Tokens;

namespace Crane.Adapters.Registry.Transport;

/// <summary>A registry, or a mirror of one, as it is spoken to.</summary>
/// <param name="Name">Its name, as image names have it.</param>
/// <param name="IsInsecure">Whether the user allows plain http and certificates that nobody has checked.</param>
/// <param name="Wire">Sends requests.</param>
/// <param name="Access">Says what they show.</param>
internal sealed record RegistryPeer(string Name, bool IsInsecure, RegistryWire Wire, RegistryAccess Access)
{
    /// <summary>How messages begin that are about it.</summary>
    public string Title { get; } = TitleOf(Name);

    /// <summary>The same for one that somebody else speaks to.</summary>
    public static string TitleOf(string name) => $"The registry '{name}'";

    /// <summary>How messages begin that are about a host that the registry sends us to.</summary>
    public string Elsewhere(HttpMethod method, Uri address) => method == HttpMethod.Get || method == HttpMethod.Head
        ? $"The host '{address.Authority}', to which the registry '{Name}' points,"
        : $"The upload host '{address.Authority}' of the registry '{Name}'";

    /// <summary>
    /// Whether a registry may send us to an address over plain http. Nobody overhears a machine that speaks to itself; but only
    /// a registry of this machine may send us to what else runs on it.
    /// </summary>
    public static bool MayBePlain(Uri origin, Uri address, bool isInsecure) =>
        RegistryOrigin.IsLoopback(address) ? RegistryOrigin.IsLoopback(origin) : isInsecure;
}
