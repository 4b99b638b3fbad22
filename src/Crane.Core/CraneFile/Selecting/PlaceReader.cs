using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// Reads where images are pulled from and pushed to: the sections <c>pull</c> and <c>push</c>, the remotes that they name, and
/// <c>defaults</c>. A key of a section overrides that of its remote.
/// </summary>
internal sealed class PlaceReader(CraneStack stack, IVariables variables)
{
    private const string NoPullRegistry =
        "Then a pull uses the registry in the image's name, otherwise Docker Hub; an image that is built here is not pulled.";
    private const string NoPullUser = "Then a pull uses the image's own path.";
    private const string NoPushRegistry =
        "Then a push uses the registry in the image's name, otherwise Docker Hub if there is an override_user, otherwise it is skipped.";
    private const string NoPushUser = "Then a push uses the image's own path; without a registry, it is skipped.";
    private const string NoPushTag = "Then it is ignored; without any tag, a push uses the image's own.";

    private readonly RemoteTable _remotes = new(stack, variables);

    /// <summary>Whether a container's push section says that its image is never pushed: <c>skip: true</c> or <c>push: false</c>.</summary>
    public static bool IsSkipped(MapNode? body, ValueReader values)
    {
        var section = body?.Find("push") as MapNode;
        return IsSkipped(section, IsFalse(values.Valid(section, "push", "remote")), values);
    }

    /// <summary>The pull section of a container; null without one.</summary>
    public ContainerPull? Pull(MapNode? body, ValueReader values)
    {
        if (body?.Find("pull") is not MapNode section)
            return null;
        var remote = Named(section, "pull", "remote", values, out var isFalse);
        return Pull(section, remote, values) with { IsOff = isFalse };
    }

    /// <summary>The pull section of a container without one; null without a default.</summary>
    public ContainerPull? DefaultPull(ValueReader values) =>
        Named(stack.Defaults, "defaults", "pull", values, out _) is { } remote ? Pull(null, remote, values) : null;

    /// <summary>The push section of a container, or that of the default if it does not say where; null for none.</summary>
    public ContainerPush? Push(MapNode? body, ValueReader values)
    {
        var section = body?.Find("push") as MapNode;
        var remote = Named(section, "push", "remote", values, out var isFalse);
        var registry = values.String(section, "push", "registry", NoPushRegistry);
        var user = values.String(section, "push", "override_user", NoPushUser);
        var isSkipped = IsSkipped(section, isFalse, values);
        if (isSkipped)
            remote = null;
        else if (section?.Has("remote") != true && registry is null && user is null)
            remote = Named(stack.Defaults, "defaults", "push", values, out _);
        if (section is null && remote is null)
            return null;
        var (overwrite, home) = section?.Find("overwrite") is MapNode own
            ? (own, "push.overwrite")
            : (remote?.Keys.Find("overwrite") as MapNode, $"{remote?.Section}.overwrite");
        return new ContainerPush
        {
            Registry = registry ?? OfRemote(remote, "push", "registry", NoPushRegistry, values),
            OverrideUser = user ?? OfRemote(remote, "push", "override_user", NoPushUser, values),
            Skip = isSkipped,
            Tag = values.Strings(section, "push", "tag", NoPushTag),
            Overwrite = values.Member<OverwriteMode>(overwrite, home, "mode"),
            NeverOverwrite = values.Strings(overwrite, home, "never"),
            AlwaysOverwrite = values.Strings(overwrite, home, "always"),
        };
    }

    /// <summary>Reports defaults that name no remote, whether a container uses them or not.</summary>
    public void CheckDefaults(ValueReader values)
    {
        foreach (var direction in (string[])["pull", "push"])
            _ = Named(stack.Defaults, "defaults", direction, values, out _);
    }

    private static ContainerPull Pull(MapNode? section, Remote? remote, ValueReader values) => new()
    {
        Registry = values.String(section, "pull", "registry", NoPullRegistry)
            ?? OfRemote(remote, "pull", "registry", NoPullRegistry, values),
        OverrideUser = values.String(section, "pull", "override_user", NoPullUser)
            ?? OfRemote(remote, "pull", "override_user", NoPullUser, values),
    };

    private static string? OfRemote(Remote? remote, string section, string key, string withoutIt, ValueReader values) =>
        remote is null ? null : values.String(remote.Keys, section, key, withoutIt, home: remote.Section);

    private static bool IsSkipped(MapNode? section, bool isFalse, ValueReader values) =>
        values.Flag(section, "push", "skip") || (isFalse && !section!.Has("registry") && !section.Has("override_user"));

    private static bool IsFalse(string? name) => name is not null && YamlBoolean.TryParse(name, out var value) && !value;

    /// <param name="isFalse">Whether it is false: no remote, not even that of the defaults.</param>
    private Remote? Named(MapNode? map, string section, string key, ValueReader values, out bool isFalse)
    {
        var name = values.Valid(map, section, key);
        isFalse = IsFalse(name);
        if (name is null || isFalse)
            return null;
        if (_remotes.Find(name) is not { } remote)
            values.Report(_remotes.Unknown(name), $"{section}.{key}", name);
        else if (remote.Keys.Has("registry") || remote.Keys.Has("override_user"))
            return remote;
        else
            values.Refuse(remote.Keys, remote.Section, "has neither 'registry' nor 'override_user'", "Add 'registry: HOST'.");
        return null;
    }
}
