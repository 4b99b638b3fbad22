using Crane.Errors;
using static Crane.CraneFile.Model.SchemaType;

namespace Crane.CraneFile.Model;

/// <summary>
/// The keys of the sections of a container, in one table. Crane files, objects that are piped and the one string that CSV has
/// room for are all read by it.
/// </summary>
internal sealed class SectionKeys
{
    private static readonly Text _text = new();
    private static readonly Text _command = new() { MayBeNull = true };
    private static readonly Flag _flag = new();
    private static readonly Texts _oneOrMore = new() { OrOne = true };
    private static readonly Assignments _assignments = new();

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
        new("context", nameof(ContainerBuild.Context), _text),
        new("file", nameof(ContainerBuild.File), _text, "dockerfile"),
        new("build-arg", nameof(ContainerBuild.Argument), _assignments, "args"),
        new("target", nameof(ContainerBuild.Target), _text),
        new("network", nameof(ContainerBuild.Network), _text),
        new("platform", nameof(ContainerBuild.Platform), _oneOrMore),
        new("label", nameof(ContainerBuild.Label), _assignments),
        new("secret", nameof(ContainerBuild.Secret), _oneOrMore),
        new("cache-from", nameof(ContainerBuild.CacheFrom), _oneOrMore),
        new("cache-to", nameof(ContainerBuild.CacheTo), _oneOrMore),
        new("add-host", nameof(ContainerBuild.AddHost), _oneOrMore));

    public static SectionKeys Pull { get; } = new(
        "pull",
        new("registry", nameof(ContainerPull.Registry), _text),
        new("override_user", nameof(ContainerPull.OverrideUser), _text));

    public static SectionKeys Push { get; } = new(
        "push",
        new("registry", nameof(ContainerPush.Registry), _text),
        new("override_user", nameof(ContainerPush.OverrideUser), _text),
        new("skip", nameof(ContainerPush.Skip), _flag),
        new("tag", nameof(ContainerPush.Tag), _oneOrMore));

    public static SectionKeys Hook { get; } = new(
        "hook",
        new("pre-build", nameof(ContainerHook.PreBuild), _command),
        new("post-build", nameof(ContainerHook.PostBuild), _command));

    /// <summary>What a crane file says of a registry, under its host.</summary>
    public static SectionKeys Registry { get; } = new(
        "registry",
        new("insecure", nameof(Crane.RegistrySetting.Insecure), _flag),
        new("ca", nameof(Crane.RegistrySetting.CertificateAuthority), _text),
        new("mirrors", nameof(Crane.RegistrySetting.Mirror), _oneOrMore));

    /// <summary>The same with the host, as an object has it.</summary>
    public static SectionKeys RegistrySetting { get; } = new(
        "registry", [new("host", nameof(Crane.RegistrySetting.RegistryHost), _text), .. Registry._keys]);

    /// <summary>An image of a Dockerfile that a crane file declares, as an object has it.</summary>
    public static SectionKeys DeclaredBase { get; } = new(
        "base",
        new("name", nameof(Crane.DeclaredBase.Name), _text),
        new("container", nameof(Crane.DeclaredBase.Container), _text),
        new("pull-reference", nameof(Crane.DeclaredBase.PullReference), _text));

    /// <summary>What the section is called.</summary>
    public string Section { get; }

    /// <summary>Its keys, as crane files write them, for messages.</summary>
    public string Names => string.Join(", ", _keys.Select(key => key.Name));

    /// <summary>Every spelling that a crane file may have, and what its value may be.</summary>
    public IReadOnlyDictionary<string, SchemaType> Schema =>
        _keys.SelectMany(key => key.Spellings, (key, spelling) => (key, spelling))
            .ToDictionary(entry => entry.spelling, entry => entry.key.Type);

    /// <summary>Other spellings in crane files, and the key that each stands for.</summary>
    public IReadOnlyDictionary<string, string> Aliases =>
        _keys.SelectMany(key => key.Aliases, (key, alias) => (key, alias))
            .ToDictionary(entry => entry.alias, entry => entry.key.Name);

    /// <summary>Whether the section has a key of that spelling.</summary>
    public bool Has(string written) => _bySpelling.ContainsKey(written);

    /// <summary>The key of a spelling: that of a crane file or the name of the property, in any case.</summary>
    /// <param name="written">The spelling.</param>
    /// <param name="owner">What has the section, for the message.</param>
    /// <exception cref="CraneException">UnknownKey.</exception>
    public SectionKey Find(string written, string owner) =>
        _bySpelling.TryGetValue(written, out var key) ? key : throw new CraneException(
            CraneErrorId.UnknownKey,
            $"The {Section} section of {owner} has no key '{written}'.{NearMatch.DidYouMean(_bySpelling.Keys, written, limit: 1)}",
            $"Its keys are {Names}.");
}

/// <summary>A key of a section.</summary>
/// <param name="Name">As a crane file writes it.</param>
/// <param name="Property">The property that has its value.</param>
/// <param name="Type">What its value may be.</param>
/// <param name="Aliases">What older crane files and Compose call it.</param>
internal sealed record SectionKey(string Name, string Property, SchemaType Type, params IReadOnlyList<string> Aliases)
{
    public IEnumerable<string> Spellings => [Name, .. Aliases];
}
