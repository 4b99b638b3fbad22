using Crane.CraneFile.Model;
using static Crane.CraneFile.Model.SchemaType;

namespace Crane.CraneFile.Schema;

/// <summary>The keys of a crane file that Crane uses, and the types of their values.</summary>
internal static class CraneFileSchema
{
    private static readonly Scalar _scalar = new();
    private static readonly ScalarList _list = new();

    private static readonly Section _build = new(SectionKeys.Build.Schema) { RefusesUnknown = true, ShortKey = "context" };
    private static readonly Section _pull = new(SectionKeys.Pull.Schema) { RefusesUnknown = true };
    private static readonly Section _push = new(SectionKeys.Push.Schema) { RefusesUnknown = true };

    private static readonly Section _container = new(new Dictionary<string, SchemaType>
    {
        ["image"] = _scalar,
        ["dockerfile"] = _scalar,
        ["build"] = _build,
        ["pull"] = _pull,
        ["push"] = _push,
        ["requires"] = _list with { MayBeNull = true },
    })
    {
        MayBeNull = true,
        Silent = KnownKeys.Container,
        HasExtensions = true,
        Guarded = ["image", "build", "dockerfile", "pull", "push", "requires", "registry", "override_user"],
    };

    private static readonly Section _hook =
        new(SectionKeys.Hook.Schema) { MayBeNull = true, Silent = KnownKeys.Hook, HasExtensions = true };
    private static readonly Section _registry = new(SectionKeys.Registry.Schema) { MayBeNull = true, HasExtensions = true };
    private static readonly Named _containers = new(_container) { MayBeNull = true };

    public static Section File { get; } = new(new Dictionary<string, SchemaType>
    {
        ["containers"] = _containers,
        ["services"] = _containers,
        ["groups"] = new Named(_list with { MayBeNull = true, MayHaveNulls = true }) { MayBeNull = true },
        ["hooks"] = new Named(_hook) { MayBeNull = true },
        ["registries"] = new Named(_registry) { MayBeNull = true },
    })
    {
        Silent = KnownKeys.Top,
        HasExtensions = true,
        Guarded = ["containers", "services", "groups", "hooks", "registries", "registry", "override_user"],
    };

    // Of build only its main key: its other keys have other meanings elsewhere.
    private static readonly ILookup<string, string> _homes = new (string Path, IEnumerable<string> Keys)[]
        {
            ("containers.NAME", _container.Keys.Keys), ("containers.NAME.build", ["context"]),
            ("containers.NAME.pull", _pull.Keys.Keys), ("containers.NAME.push", _push.Keys.Keys),
            ("registries.HOST", _registry.Keys.Keys),
        }
        .SelectMany(home => home.Keys, (home, key) => (home.Path, key))
        .ToLookup(home => home.key, home => home.Path, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The sections that a key belongs to, such as <c>containers.NAME.push</c>, if it decides where an image is pulled from or pushed to;
    /// none for other keys. Case is ignored.
    /// </summary>
    public static IReadOnlyList<string> HomesOf(string key) => [.. _homes[key]];
}
