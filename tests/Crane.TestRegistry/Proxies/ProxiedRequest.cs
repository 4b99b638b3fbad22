namespace Crane.Testing;

/// <summary>What a forward proxy was asked.</summary>
/// <param name="Method">CONNECT for a tunnel, else the method of the request.</param>
/// <param name="Target">Host and port of a tunnel, else the whole URL.</param>
/// <param name="IsAllowed">Whether the client had the credential that the proxy wants.</param>
public sealed record ProxiedRequest(string Method, string Target, bool IsAllowed);
