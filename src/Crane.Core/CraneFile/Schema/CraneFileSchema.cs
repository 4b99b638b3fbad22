using Crane.CraneFile.Compose;
using Crane.CraneFile.Model;
using static Crane.CraneFile.Model.SchemaType;

namespace Crane.CraneFile.Schema;

/// <summary>The keys of a crane file that Crane uses, and the types of their values.</summary>
internal static class CraneFileSchema
{
    private static readonly Scalar ScalarType = new();
    private static readonly ScalarList ListType = new();

    // Of one container, dockerfile_inline is an error; the others can be used.
    private static readonly Section BuildSection =
        new(new Dictionary<string, SchemaType>(SectionKeys.Build.Schema) { ["dockerfile_inline"] = ScalarType })
        {
            RefusesUnknown = true,
            HasExtensions = true,
            ShortKey = "context",
            Unsupported = KnownKeys.ComposeBuild,
        };
    private static readonly Section PullSection = Place(SectionKeys.Pull);
    private static readonly Section PushSection = Place(SectionKeys.Push);
    private static readonly Section RemoteSection = new(SectionKeys.Remote.Schema) { RefusesUnknown = true };
    private static readonly Section DefaultsSection = new(new Dictionary<string, SchemaType>
    {
        ["pull"] = ScalarType,
        ["push"] = ScalarType,
    })
    {
        MayBeNull = true,
        RefusesUnknown = true,
    };

    private static readonly Section ContainerSection = new(new Dictionary<string, SchemaType>
    {
        ["image"] = ScalarType,
        ["dockerfile"] = ScalarType,
        ["build"] = BuildSection,
        ["pull"] = PullSection,
        ["push"] = PushSection,
        ["requires"] = ListType with { MayBeNull = true },
        ["platform"] = ScalarType,
        ["pull_policy"] = ScalarType,
        ["profiles"] = ListType with { MayBeNull = true },
        [ComposeSections.Extension] = new Section(new Dictionary<string, SchemaType>
        {
            ["pull"] = PullSection,
            ["push"] = PushSection,
            ["requires"] = ListType with { MayBeNull = true },
        })
        {
            MayBeNull = true,
            RefusesUnknown = true,
        },
    })
    {
        MayBeNull = true,
        Silent = KnownKeys.Container,
        HasExtensions = true,
        Guarded = ["image", "build", "dockerfile", "pull", "push", "requires", "registry", "override_user", ComposeSections.Extension],
    };

    private static readonly Section LockSection = new(new Dictionary<string, SchemaType> { ["minimum_age"] = new Age() })
    {
        MayBeNull = true,
        RefusesUnknown = true,
    };

    private static readonly Section GroupSection = new(new Dictionary<string, SchemaType>
    {
        ["containers"] = ListType with { MayBeNull = true, MayHaveNulls = true },
        ["atomic"] = new Flag(),
    })
    {
        MayBeNull = true,
        RefusesUnknown = true,
        ShortKey = "containers",
    };

    // A gate that is passed over lets through an image that it would refuse.
    private static readonly Section HookSection = new(SectionKeys.Hook.Schema)
    {
        MayBeNull = true,
        Silent = KnownKeys.Hook,
        HasExtensions = true,
        Guarded = ["pre-tag"],
    };
    private static readonly Section RegistrySection = new(SectionKeys.Registry.Schema) { MayBeNull = true, HasExtensions = true };
    private static readonly Named Containers = new(ContainerSection) { MayBeNull = true };

    // Everything beside the containers.
    private static readonly Dictionary<string, SchemaType> Companions = new()
    {
        ["groups"] = new Named(GroupSection) { MayBeNull = true },
        ["hooks"] = new Named(HookSection) { MayBeNull = true },
        ["registries"] = new Named(RegistrySection) { MayBeNull = true },
        ["remotes"] = new Named(RemoteSection) { MayBeNull = true },
        ["defaults"] = DefaultsSection,
        ["lock"] = LockSection,
    };

    public static Section File { get; } = new(new Dictionary<string, SchemaType>(Companions)
    {
        ["containers"] = Containers,
        ["services"] = Containers,
        [ComposeSections.Extension] = new Section(new Dictionary<string, SchemaType>(Companions)
        {
            ["pull"] = RemoteSection with { OrName = true },
            ["push"] = RemoteSection with { OrName = true },
        })
        {
            MayBeNull = true,
            RefusesUnknown = true,
        },
    })
    {
        Silent = KnownKeys.Top,
        HasExtensions = true,
        Guarded =
        [
            "containers", "services", "groups", "hooks", "registries", "remotes", "defaults", "lock", "registry", "override_user",
            ComposeSections.Extension,
        ],
    };

    // Of build only its main key: its other keys have other meanings elsewhere.
    private static readonly ILookup<string, string> Homes = new (string Path, IEnumerable<string> Keys)[]
        {
            ("containers.NAME", ContainerSection.Keys.Keys), ("containers.NAME.build", ["context"]),
            ("containers.NAME.pull", PullSection.Keys.Keys), ("containers.NAME.push", PushSection.Keys.Keys),
            ("groups.NAME", ["atomic"]), ("registries.HOST", RegistrySection.Keys.Keys), ("remotes.NAME", RemoteSection.Keys.Keys),
            ("lock", LockSection.Keys.Keys),
        }
        .SelectMany(home => home.Keys, (home, key) => (home.Path, key))
        .ToLookup(home => home.key, home => home.Path, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The sections that a key belongs to, such as <c>containers.NAME.push</c>, if it decides where an image is pulled from or pushed to;
    /// none for other keys. Case is ignored.
    /// </summary>
    public static IReadOnlyList<string> HomesOf(string key) => [.. Homes[key]];

    // `remote` is only in files: containers have the values of the remote.
    private static Section Place(SectionKeys keys) => new(new Dictionary<string, SchemaType>(keys.Schema) { ["remote"] = ScalarType })
    {
        RefusesUnknown = true,
        ShortKey = "remote",
    };
}
