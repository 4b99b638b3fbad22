using Crane.Errors;
using static Crane.CraneFile.Model.SchemaType;

namespace Crane.CraneFile.Model;

/// <summary>The keys of the sections of a container, for reading crane files, piped objects and strings of CSV.</summary>
internal sealed class SectionKeys
{
    private static readonly Scalar ScalarType = new();
    private static readonly Scalar CommandType = new() { MayBeNull = true };
    private static readonly Flag FlagType = new();
    private static readonly ScalarList OneOrMore = new() { OrOne = true };
    private static readonly Assignments AssignmentsType = new();
    private static readonly Choice ModeType = new(typeof(OverwriteMode));

    private readonly IReadOnlyList<SectionKey> _keys;
    private readonly Dictionary<string, SectionKey> _bySpelling = new(StringComparer.OrdinalIgnoreCase);

    private SectionKeys(string section, params IReadOnlyList<SectionKey> keys)
    {
        Section = section;
        _keys = keys;
        foreach (var key in keys)
            foreach (var spelling in (string[])[.. key.Spellings, key.Property])
                _bySpelling[spelling] = key;
    }

    public static SectionKeys Build { get; } = new(
        "build",
        new("context", nameof(ContainerBuild.Context), ScalarType),
        new("file", nameof(ContainerBuild.File), ScalarType, "dockerfile"),
        new("build-arg", nameof(ContainerBuild.Argument), AssignmentsType, "args"),
        new("target", nameof(ContainerBuild.Target), ScalarType),
        new("network", nameof(ContainerBuild.Network), ScalarType),
        new("platform", nameof(ContainerBuild.Platform), OneOrMore, "platforms"),
        new("label", nameof(ContainerBuild.Label), AssignmentsType, "labels"),
        new("secret", nameof(ContainerBuild.Secret), OneOrMore, "secrets") { AliasType = OneOrMore with { MayHaveMaps = true } },
        new("cache-from", nameof(ContainerBuild.CacheFrom), OneOrMore, "cache_from"),
        new("cache-to", nameof(ContainerBuild.CacheTo), OneOrMore, "cache_to"),
        new("add-host", nameof(ContainerBuild.AddHost), OneOrMore, "extra_hosts") { AliasType = AssignmentsType },
        new("build-context", nameof(ContainerBuild.BuildContext), AssignmentsType, "additional_contexts"));

    public static SectionKeys Pull { get; } = new(
        "pull",
        new("registry", nameof(ContainerPull.Registry), ScalarType),
        new("override_user", nameof(ContainerPull.OverrideUser), ScalarType),
        new("minimum_age", nameof(ContainerPull.MinimumAge), new Age()));

    /// <summary>Whether targets are overwritten: a mode, and other modes for some tags.</summary>
    public static SectionKeys Overwrite { get; } = new(
        "overwrite",
        new("mode", nameof(Crane.ContainerPush.Overwrite), ModeType),
        new("never", nameof(Crane.ContainerPush.NeverOverwrite), OneOrMore),
        new("always", nameof(Crane.ContainerPush.AlwaysOverwrite), OneOrMore));

    public static SectionKeys Push { get; } = new(
        "push",
        new("registry", nameof(Crane.ContainerPush.Registry), ScalarType),
        new("override_user", nameof(Crane.ContainerPush.OverrideUser), ScalarType),
        new("skip", nameof(Crane.ContainerPush.Skip), FlagType),
        new("tag", nameof(Crane.ContainerPush.Tag), OneOrMore),
        new(
            "overwrite", nameof(Crane.ContainerPush.Overwrite),
            new Section(Overwrite.Schema) { RefusesUnknown = true, ShortKey = "mode" }));

    /// <summary>The same in an object, where all of overwrite is beside the other keys: <c>overwrite=lease; never=v*</c>.</summary>
    public static SectionKeys ContainerPush { get; } = new(
        "push",
        [
            .. Push._keys.SkipLast(1),
            new("overwrite", nameof(Crane.ContainerPush.Overwrite), ModeType),
            .. Overwrite._keys.Skip(1),
        ]);

    /// <summary>A remote: where images are in a registry. It has the keys that pulls and pushes share, and what protects it.</summary>
    public static SectionKeys Remote { get; } = new(
        "remote", [.. Push._keys.Where(key => key.Name is "registry" or "override_user" or "overwrite")]);

    public static SectionKeys Hook { get; } = new(
        "hook",
        new("pre-build", nameof(ContainerHook.PreBuild), CommandType),
        new("post-build", nameof(ContainerHook.PostBuild), CommandType),
        new("pre-tag", nameof(ContainerHook.PreTag), CommandType));

    /// <summary>The settings of a registry in a crane file, under its host.</summary>
    public static SectionKeys Registry { get; } = new(
        "registry",
        new("insecure", nameof(Crane.RegistrySetting.Insecure), FlagType),
        new("ca", nameof(Crane.RegistrySetting.CertificateAuthority), ScalarType),
        new("mirrors", nameof(Crane.RegistrySetting.Mirror), OneOrMore));

    /// <summary>The same in an object, with the host.</summary>
    public static SectionKeys RegistrySetting { get; } = new(
        "registry", [new("host", nameof(Crane.RegistrySetting.RegistryHost), ScalarType), .. Registry._keys]);

    /// <summary>A declared image of a Dockerfile in an object.</summary>
    public static SectionKeys DeclaredBase { get; } = new(
        "base",
        new("name", nameof(Crane.DeclaredBase.Name), ScalarType),
        new("container", nameof(Crane.DeclaredBase.Container), ScalarType),
        new("pull-reference", nameof(Crane.DeclaredBase.PullReference), ScalarType));

    public string Section { get; }

    /// <summary>Its keys in crane files, for messages.</summary>
    public string Names => string.Join(", ", _keys.Select(key => key.Name));

    /// <summary>Every spelling in crane files, and the type of its value.</summary>
    public IReadOnlyDictionary<string, SchemaType> Schema =>
        _keys.SelectMany(key => key.Spellings, (key, spelling) => (key, spelling))
            .ToDictionary(entry => entry.spelling, entry => entry.key.TypeOf(entry.spelling));

    /// <summary>Other spellings in crane files, and their keys.</summary>
    public IReadOnlyDictionary<string, string> Aliases =>
        _keys.SelectMany(key => key.Aliases, (key, alias) => (key, alias))
            .ToDictionary(entry => entry.alias, entry => entry.key.Name);

    public bool Has(string written) => _bySpelling.ContainsKey(written);

    /// <summary>The key of a spelling: that of a crane file or the name of the property, ignoring case.</summary>
    /// <exception cref="CraneException">UnknownKey.</exception>
    public SectionKey Find(string written, string owner) =>
        _bySpelling.TryGetValue(written, out var key) ? key : throw new CraneException(
            CraneErrorId.UnknownKey,
            $"The {Section} section of {owner} has no key '{written}'.{NearMatch.DidYouMean(_bySpelling.Keys, written, limit: 1)}",
            $"Its keys are {Names}.");
}

/// <param name="Name">Its name in crane files.</param>
/// <param name="Aliases">Its names in older crane files and in Compose files.</param>
internal sealed record SectionKey(string Name, string Property, SchemaType Type, params IReadOnlyList<string> Aliases)
{
    public IEnumerable<string> Spellings => [Name, .. Aliases];

    /// <summary>The type of the value under the other names, if that is another one.</summary>
    public SchemaType? AliasType { get; init; }

    /// <summary>The type of the value under one of its names.</summary>
    public SchemaType TypeOf(string spelling) => spelling == Name ? Type : AliasType ?? Type;
}
