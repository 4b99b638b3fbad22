using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Turns declared containers of one stack into the containers that a user sees: every variable expanded.</summary>
internal sealed class ContainerExpander
{
    private const string NoPullRegistry =
        "Then a pull reads the image from the registry in its own name, else from Docker Hub; what is built here is not pulled.";
    private const string NoPullUser = "Then a pull reads the image under its own path.";
    private const string NoPushRegistry =
        "Then a push goes to the registry in the image's own name, else with override_user to Docker Hub, else it is skipped.";
    private const string NoPushUser = "Then a push keeps the image's own path; without a registry, too, it is skipped.";
    private const string NoPushTag = "Then it is left out; without any tag, a push goes to the image's own.";

    private readonly IVariables _variables;
    private readonly DependencyGraph _graph;
    private readonly DeclaredImages _images;
    private readonly GroupMembership _membership;
    private readonly BuildReader _builds;
    private readonly HookTable _hooks;
    private readonly RegistryTable _registries;
    private readonly List<CraneException> _errors = [];

    public ContainerExpander(
        CraneStack stack, ContainerIndex names, DependencyGraph graph, DeclaredImages images, IVariables variables)
    {
        _variables = variables;
        _graph = graph;
        _images = images;
        _membership = new GroupMembership(names);
        _builds = new BuildReader(stack.FileExists);
        _hooks = new HookTable(stack, names);
        _registries = new RegistryTable(stack, variables, _errors);
    }

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<CraneException> Errors => _errors;

    /// <summary>Expands a container; null where something in it is wrong, and then all of it is in <see cref="Errors"/>.</summary>
    /// <param name="declared">The container.</param>
    /// <param name="tag">Replaces the image's tag; null keeps it.</param>
    /// <param name="isNamed">Whether the user named this very container, so that the tag is meant for it in any case.</param>
    public CraneContainer? Expand(DeclaredContainer declared, string? tag, bool isNamed)
    {
        if (declared.Fault is not null)
        {
            _errors.Add(declared.Fault);
            return null;
        }

        var failures = _errors.Count;
        var values = new ValueReader($"container '{declared.Name}'", _variables, _errors);
        var body = declared.Body;
        var build = _builds.Read(body, values);
        var pull = Pull(body?.Find("pull") as MapNode, values);
        var push = Push(body?.Find("push") as MapNode, values);
        var whole = _images.Complete(
            declared, new DeclaredImage(build is null ? null : declared.Name, DeclaredImage.Directive(pull), push?.Skip == true, []), _errors);
        pull = whole.Pull ?? pull;
        push = whole.IsSkipped ? (push ?? new ContainerPush()) with { Skip = true } : push;
        var image = values.Text(body, "", "image")?.Trim() is { Length: > 0 } text ? text : null;
        var groups = _membership.GroupsOf(declared);

        // Read for its errors alone: the graph has passed over what it could not expand.
        _ = values.Texts(body, "", "requires");

        var hook = _hooks.Of(declared.Name, groups, values);

        var container = new CraneContainer
        {
            Name = declared.Name,
            Image = image,
            Build = build,
            BuiltBy = build is null ? whole.BuiltBy : null,
            Pull = pull,
            Push = push,
            Requires = [.. _graph.Needs(declared).Where(need => need.Target is not null).Select(need => need.Name)],
            Group = groups,
            Hook = hook,
            Path = declared.Entry.Key.File.Path,
            Line = declared.Entry.Key.Line,
            Origin = new ContainerOrigin(declared.Entry.Key, values.Origins),
        };
        if (tag is not null && (isNamed || TagOverride.IsOurs(container)))
            container = container with { Image = TagOverride.Apply(image, tag) };
        var pulled = IfValid(() => ContainerNames.Pulled(container));
        var pushed = IfValid(() => ContainerNames.Pushed(container) is [var first, ..] ? first : null);
        container = container with
        {
            PullReference = pulled?.RemoteName,
            PushReference = pushed?.RemoteName,
            RegistrySetting = _registries.Of([pulled, pushed], values),
        };
        if (_errors.Count == failures)
            return container;
        for (var i = failures; i < _errors.Count; i++)
            _errors[i] = _errors[i].About(declared.Name);
        return null;
    }

    // A name that is not valid is planning's error, which knows whether it is used at all.
    private static ImageName? IfValid(Func<ImageName?> name)
    {
        try
        {
            return name();
        }
        catch (CraneException)
        {
            return null;
        }
    }

    internal static ContainerPull? Pull(MapNode? section, ValueReader values) => section is null ? null : new ContainerPull
    {
        Registry = values.Text(section, "pull", "registry", NoPullRegistry),
        OverrideUser = values.Text(section, "pull", "override_user", NoPullUser),
    };

    private static ContainerPush? Push(MapNode? section, ValueReader values) => section is null ? null : new ContainerPush
    {
        Registry = values.Text(section, "push", "registry", NoPushRegistry),
        OverrideUser = values.Text(section, "push", "override_user", NoPushUser),
        Skip = values.Flag(section, "push", "skip"),
        Tag = values.Texts(section, "push", "tag", NoPushTag),
    };
}

/// <summary>
/// What <c>-Tag</c> does: it replaces the tag of images that are ours, so that one stack can be moved as one
/// version, and leaves the pins of everybody else's images alone.
/// </summary>
internal static class TagOverride
{
    /// <summary>
    /// Whether the image is built here, or both pulled and pushed by directives. Where one of these is missing it may be a pin
    /// of somebody else's image, which has no such tag.
    /// </summary>
    public static bool IsOurs(CraneContainer container) =>
        container.Build is not null || container.BuiltBy is not null || container is { Pull.IsDirective: true, Push.IsDirective: true };

    /// <summary>
    /// The image under another tag. Its digest goes: it names other content. An image that is missing or no name stays as it
    /// is, for planning to refuse.
    /// </summary>
    public static string? Apply(string? image, string tag) =>
        ImageName.TryParse(image, out var name) ? name.WithoutDigest().WithTag(tag).Parts.ToString() : image;
}
