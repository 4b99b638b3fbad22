using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Crane.Errors;

namespace Crane.Names;

/// <summary>A content digest, <c>algorithm:hex</c>, after the OCI image specification: sha256, sha384 or sha512.</summary>
internal sealed record Digest
{
    private Digest(string algorithm, string hex)
    {
        Algorithm = algorithm;
        Hex = hex;
    }

    /// <summary><c>sha256</c>, <c>sha384</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The hash in lower-case hexadecimal digits.</summary>
    public string Hex { get; }

    /// <summary>Reads a digest of one of the three algorithms, with its exact number of lower-case digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        return text is not null && Read(text, out digest) is null && digest is not null;
    }

    /// <summary>The SHA-256 digest of bytes, the default for new content.</summary>
    public static Digest OfSha256(ReadOnlySpan<byte> bytes) => new("sha256", LowerHex(SHA256.HashData(bytes)));

    /// <summary>A hash of this digest's algorithm, for content that is read piece by piece.</summary>
    public IncrementalHash NewHash() => IncrementalHash.CreateHash(Algorithm switch
    {
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    });

    /// <summary>Whether this is the digest of what was appended to the hash, which is then reset.</summary>
    public bool IsOf(IncrementalHash hash) => Hex == LowerHex(hash.GetHashAndReset());

    /// <summary>Whether this is the digest of the bytes.</summary>
    public bool IsOf(ReadOnlySpan<byte> bytes)
    {
        using var hash = NewHash();
        hash.AppendData(bytes);
        return IsOf(hash);
    }

    /// <summary>The digest as it is written in a name.</summary>
    public override string ToString() => $"{Algorithm}:{Hex}";

    /// <summary>Reads a digest; returns what is wrong with it, or null.</summary>
    internal static NameError? Read(ReadOnlySpan<char> text, out Digest? digest)
    {
        digest = null;
        if (text.IsEmpty)
            return new("digest", 0, "the digest after '@' is missing");
        var colon = text.IndexOf(':');
        if (colon < 0)
            return new("digest", 0, "a digest is an algorithm, ':' and hexadecimal digits", "Write it as sha256:….");

        var (algorithm, length) = text[..colon] switch
        {
            "sha256" => ("sha256", 64),
            "sha384" => ("sha384", 96),
            "sha512" => ("sha512", 128),
            _ => ("", 0),
        };
        if (length == 0)
            return new("digest", 0, "the algorithm must be sha256, sha384 or sha512");

        var hex = text[(colon + 1)..];
        for (var index = 0; index < hex.Length; index++)
            if (!char.IsAsciiHexDigitLower(hex[index]))
                return new("digest", colon + 1 + index, $"{VisibleText.QuoteCharacter(hex, index)} is not a lower-case hexadecimal digit");
        if (hex.Length != length)
            return new("digest", colon + 1 + Math.Min(hex.Length, length),
                $"{algorithm} has {length} hexadecimal digits, not {hex.Length}");

        digest = new(algorithm, hex.ToString());
        return null;
    }

#pragma warning disable CA1308 // Digests are written in lower case.
    private static string LowerHex(byte[] hash) => Convert.ToHexString(hash).ToLowerInvariant();
#pragma warning restore CA1308
}
