using CsCheck;

namespace Crane.Core.Tests.Names;

/// <summary>Generators of valid names, and of texts that are nearly valid.</summary>
internal static class NameGen
{
    private const string LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Alphanumeric = LowerAlphanumeric + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static readonly Gen<string> Component =
        from first in Gen.String[Gen.Char[LowerAlphanumeric], 1, 8]
        from more in Gen.Select(Gen.OneOf(".", "_", "__", "-", "---"), Gen.String[Gen.Char[LowerAlphanumeric], 1, 8])
            .Select((separator, word) => separator + word).Array[0, 2]
        select first + string.Concat(more);

    public static readonly Gen<string> Path = Component.Array[1, 4].Select(components => string.Join('/', components));

    public static readonly Gen<string> Tag =
        Gen.Select(Gen.Char[Alphanumeric + "_"], Gen.String[Gen.Char[Alphanumeric + "_.-"], 0, 20]).Select((first, rest) => first + rest);

    public static readonly Gen<string> Digest =
        from kind in Gen.OneOf(("sha256", 64), ("sha384", 96), ("sha512", 128))
        from hex in Gen.String[Gen.Char["0123456789abcdef"], kind.Item2, kind.Item2]
        select $"{kind.Item1}:{hex}";

    public static readonly Gen<string> Registry = Gen.Select(
        Gen.OneOf(
            Gen.String[Gen.Char[Alphanumeric], 1, 8].Array[2, 4].Select(labels => string.Join('.', labels)),
            Gen.OneOf("localhost", "docker.io", "index.docker.io", "127.0.0.1", "[::1]", "[2001:db8::A]", "FOO", "a-b.co")),
        Gen.Int[1, 65535].Select(port => $":{port}"),
        Gen.Bool).Select((host, port, hasPort) => hasPort ? host + port : host);

    /// <summary>The parts of a name as someone would write them, each there or not.</summary>
    public static readonly Gen<(string? Registry, string Path, string? Tag, string? Digest)> Parts =
        Gen.Select(Gen.Null(Registry), Path, Gen.Null(Tag), Gen.Null(Digest)).Where(parts => IsMeantAsWritten(parts.Item1, parts.Item2));

    public static readonly Gen<string> Valid = Parts.Select(Write);

    /// <summary>Short texts over the letters of the grammar: often valid, and wrong in every way there is.</summary>
    public static readonly Gen<string> NearlyValid = Gen.String[Gen.Char["aab0A./:@-_[]fé \n"], 0, 12];

    /// <summary>Valid names with one stretch replaced by anything.</summary>
    public static readonly Gen<string> Mutated =
        from name in Valid
        from start in Gen.Int[0, name.Length]
        from length in Gen.Int[0, Math.Min(3, name.Length - start)]
        from inserted in Gen.OneOf(NearlyValid, Gen.String[Gen.Char, 0, 3])
        select name[..start] + inserted + name[(start + length)..];

    public static string Write((string? Registry, string Path, string? Tag, string? Digest) parts) =>
        (parts.Registry is null ? "" : $"{parts.Registry}/")
        + parts.Path
        + (parts.Tag is null ? "" : $":{parts.Tag}")
        + (parts.Digest is null ? "" : $"@{parts.Digest}");

    // Without a registry the first of several components must not look like one.
    private static bool IsMeantAsWritten(string? registry, string path)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return registry is not null || slash < 0 || (!path[..slash].Contains('.', StringComparison.Ordinal) && path[..slash] != "localhost");
    }
}
