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

    /// <summary>Whether an address may be spoken to over plain http: nobody overhears a machine that speaks to itself.</summary>
    public static bool MayBePlain(Uri address, bool isInsecure) => isInsecure || RegistryOrigin.IsLoopback(address);
}
