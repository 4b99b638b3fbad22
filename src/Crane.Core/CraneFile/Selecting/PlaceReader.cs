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

    private const string NoPlace = "has neither 'registry' nor 'override_user'";
    private const string PlaceAdvice = "Add 'registry: HOST'.";

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
        return Push(section, remote, values) with
        {
            Registry = registry ?? OfRemote(remote, "push", "registry", NoPushRegistry, values),
            OverrideUser = user ?? OfRemote(remote, "push", "override_user", NoPushUser, values),
            Skip = isSkipped,
            Tag = values.Strings(section, "push", "tag", NoPushTag),
        };
    }

    /// <summary>The pull section for copies from a remote, whatever the container says.</summary>
    public static ContainerPull From(Remote remote, ValueReader values) => Pull(null, remote, values);

    /// <summary>The push section for copies to a remote, likewise.</summary>
    public static ContainerPush To(Remote remote, ValueReader values) => Push(null, remote, values) with
    {
        Registry = OfRemote(remote, "push", "registry", NoPushRegistry, values),
        OverrideUser = OfRemote(remote, "push", "override_user", NoPushUser, values),
    };

    /// <summary>The remotes of those names.</summary>
    /// <exception cref="CraneException">UnknownRemote; InvalidValue if it does not say where images are.</exception>
    public RemoteRoute Route((string From, string To) names) => new(Named(names.From), Named(names.To));

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
        MinimumAge = values.Age(section, "pull", "minimum_age"),
    };

    // What a push section has beside its place.
    private static ContainerPush Push(MapNode? section, Remote? remote, ValueReader values)
    {
        var (overwrite, home) = section?.Find("overwrite") is MapNode own
            ? (own, "push.overwrite")
            : (remote?.Keys.Find("overwrite") as MapNode, $"{remote?.Section}.overwrite");
        return new ContainerPush
        {
            Overwrite = values.Member<OverwriteMode>(overwrite, home, "mode"),
            NeverOverwrite = values.Strings(overwrite, home, "never"),
            AlwaysOverwrite = values.Strings(overwrite, home, "always"),
        };
    }

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
        else if (remote.HasPlace)
            return remote;
        else
            values.Refuse(remote.Keys, remote.Section, NoPlace, PlaceAdvice);
        return null;
    }

    private Remote Named(string name)
    {
        var remote = _remotes.Find(name) ?? throw _remotes.Unknown(name);
        return remote.HasPlace ? remote : throw new CraneException(
            CraneErrorId.InvalidValue, $"'{remote.Section}' {NoPlace}.", PlaceAdvice).At(remote.Keys.Location);
    }
}
