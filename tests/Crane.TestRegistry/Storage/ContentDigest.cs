using System.Security.Cryptography;

namespace Crane.Testing.Storage;

/// <summary>The digest of content: an algorithm that OCI registers, and lower-case hexadecimal digits.</summary>
internal readonly record struct ContentDigest(string Algorithm, string Hex)
{
    public static ContentDigest? Parse(string? digest) =>
        digest?.Split(':') is [var algorithm, var hex] && Length(algorithm) == hex.Length && hex.All(char.IsAsciiHexDigitLower)
            ? new ContentDigest(algorithm, hex) : null;

    /// <summary>The usual digest of content, by SHA-256.</summary>
    public static ContentDigest Of(byte[] content) => new("sha256", Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <summary>Tells whether content has this digest.</summary>
    public async Task<bool> MatchesAsync(Stream content, CancellationToken cancellation)
    {
        var hash = Algorithm == "sha256"
            ? await SHA256.HashDataAsync(content, cancellation)
            : await SHA512.HashDataAsync(content, cancellation);
        return Convert.ToHexStringLower(hash) == Hex;
    }

    public override string ToString() => $"{Algorithm}:{Hex}";

    private static int Length(string algorithm) => algorithm switch
    {
        "sha256" => 64,
        "sha512" => 128,
        _ => -1,
    };
}
