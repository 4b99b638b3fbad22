using System.Net;
using System.Text;

namespace Crane.Testing.Access;

/// <summary>The header <c>Authorization: Basic …</c>.</summary>
internal static class BasicCredential
{
    /// <summary>Reads it; null if it is another header, or malformed.</summary>
    public static NetworkCredential? Parse(string? authorization)
    {
        const string scheme = "Basic ";
        if (authorization?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) is not true)
            return null;
        var bytes = new byte[authorization.Length];
        if (!Convert.TryFromBase64String(authorization[scheme.Length..].Trim(), bytes, out var length))
            return null;
        // A password may have colons, a name may not.
        return Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var name, var password]
            ? new NetworkCredential(name, password) : null;
    }

    /// <summary>The user whose credential that is; null if it is nobody's.</summary>
    public static TestUser? Find(IEnumerable<TestUser> users, NetworkCredential? credential) =>
        credential is null ? null : users.FirstOrDefault(user => user.Name == credential.UserName && user.Password == credential.Password);
}
