using Crane.CraneFile.Model;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Variables;

namespace Crane.CraneFile.Selecting;

/// <summary>Expands the declared containers of a stack.</summary>
internal sealed class ContainerExpander
{
    private readonly IVariables _variables;
    private readonly ContainerIndex _names;
    private readonly DependencyGraph _graph;
    private readonly DeclaredImages _images;
    private readonly PlaceReader _places;
    private readonly RemoteRoute? _route;
    private readonly IReadOnlyDictionary<DeclaredContainer, string> _atomicGroups;
    private readonly GroupMembership _membership;
    private readonly MapNode? _lock;
    private readonly BuildReader _builds;
    private readonly HookTable _hooks;
    private readonly RegistryTable _registries;
    private readonly List<CraneException> _errors = [];

    public ContainerExpander(
        CraneStack stack,
        ContainerIndex names,
        DependencyGraph graph,
        DeclaredImages images,
        PlaceReader places,
        RemoteRoute? route,
        IReadOnlyDictionary<DeclaredContainer, string> atomicGroups,
        IVariables variables)
    {
        _variables = variables;
        _names = names;
        _graph = graph;
        _images = images;
        _places = places;
        _route = route;
        _atomicGroups = atomicGroups;
        _membership = new GroupMembership(names);
        _lock = stack.Lock;
        _builds = new BuildReader(stack.FileExists);
        _hooks = new HookTable(stack, names);
        _registries = new RegistryTable(stack, variables, _errors);
    }

    public IReadOnlyList<CraneException> Errors => _errors;

    /// <summary>Expands a container; returns null if it has errors, which are then in <see cref="Errors"/>.</summary>
    /// <param name="tag">Replaces the image's tag; null keeps it.</param>
    /// <param name="isNamed">Whether the user named this container, so that the tag is meant for it in any case.</param>
    public CraneContainer? Expand(DeclaredContainer declared, string? tag, bool isNamed)
    {
        if (declared.Error is not null)
        {
            _errors.Add(declared.Error);
            return null;
        }

        var failures = _errors.Count;
        var values = new ValueReader($"container '{declared.Name}'", _variables, _errors);
        var body = declared.Body;
        var build = _builds.Read(body, values);
        // Between two remotes, the container's own places only decide whether the image is ours: their variables need not be set.
        var (own, ownErrors) = _route is null ? (values, _errors) : Silent();
        var pull = _places.Pull(body, own);
        var push = _places.Push(body, own);
        var whole = _images.Complete(
            declared,
            new DeclaredImage(build is null ? null : declared.Name, DeclaredImage.Directive(pull), push?.Skip == true, []), ownErrors);
        if ((whole.Pull ?? _places.DefaultPull(own)) is { } place)
            pull = place with { MinimumAge = pull?.MinimumAge ?? place.MinimumAge };
        push = whole.IsSkipped ? (push ?? new ContainerPush()) with { Skip = true } : push;
        var platform = values.String(body, "", "platform");
        if (build is not null)
        {
            build = NamedContext.Resolve(build, ImageOf, values, body!);
            build = build with { Platform = build.Platform ?? (platform is null ? null : [platform]) };
        }

        var image = values.String(body, "", "image")?.Trim() is { Length: > 0 } name ? name : null;
        var groups = _membership.GroupsOf(declared);

        // Read only for its errors: the graph ignores what it cannot expand.
        _ = values.Strings(body, "", "requires");

        var hook = _hooks.Of(declared.Name, groups, values);

        var container = new CraneContainer
        {
            Name = declared.Name,
            Image = image,
            Build = build,
            BuiltBy = build is null ? whole.BuiltBy : null,
            Pull = pull,
            MinimumAge = AgeText.Read(pull?.MinimumAge ?? values.Age(_lock, "lock", "minimum_age")),
            Push = push,
            Platform = platform,
            PullPolicy = Policy(body, values),
            Requires = [.. _graph.Needs(declared).Where(need => need.Target is not null).Select(need => need.Name)],
            Group = groups,
            AtomicGroup = _atomicGroups.GetValueOrDefault(declared),
            Hook = hook,
            Path = declared.Entry.Key.File.Path,
            Line = declared.Entry.Key.Line,
            Origin = new ContainerOrigin(declared.Entry.Key, values.Origins),
        };
        if (tag is not null && (isNamed || TagOverride.IsOurs(container)))
            container = container with { Image = TagOverride.Apply(image, tag) };
        if (_route is not null)
        {
            container = container with
            {
                Pull = PlaceReader.From(_route.From, values),
                Push = PlaceReader.IsSkipped(body, values) || whole.IsSkipped
                    ? new ContainerPush { Skip = true }
                    : PlaceReader.To(_route.To, values),
            };
        }
        var names = new ContainerNames(container);
        var pulled = IfValid(names.Pulled);
        var pushed = IfValid(() => names.Pushed() is [var first, ..] ? first : null);
        container = container with
        {
            PullReference = pulled?.RemoteName,
            PushReference = pushed?.RemoteName,
            RegistrySetting = _registries.Of([pulled, pushed], values),
        };
        if (_errors.Count == failures)
            return container;
        for (var i = failures; i < _errors.Count; i++)
            _errors[i] = _errors[i].OfContainer(declared.Name);
        return null;
    }

    private static string? Policy(MapNode? body, ValueReader values)
    {
        const string Key = "pull_policy";
        var policy = values.Valid(body, "", Key);
        if (policy is not null && !PullPolicy.IsValid(policy))
            values.Refuse(
                body!.Find(Key)!, Key, $"must be {PullPolicy.Expected}, not '{policy}'", "Write one of these, or remove the key.");
        return policy;
    }

    private ImageName? ImageOf(string container) => _names.Container(container) is { } declared ? _images.NameOf(declared) : null;

    private (ValueReader Values, List<CraneException> Errors) Silent()
    {
        List<CraneException> errors = [];
        return (new ValueReader("", _variables, errors), errors);
    }

    // An invalid name is an error of planning, which knows whether it is used.
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
}

/// <summary>Implements <c>-Tag</c>: replaces the tags of our images, so that a stack can be moved as one version.</summary>
internal static class TagOverride
{
    /// <summary>Whether the image is built here, or both pulled and pushed by directives. Others may not have such a tag.</summary>
    public static bool IsOurs(CraneContainer container) =>
        container.Build is not null || container.BuiltBy is not null || container is { Pull.IsDirective: true, Push.IsDirective: true };

    /// <summary>The image with another tag and without its digest. A missing or invalid one stays, for planning to report.</summary>
    public static string? Apply(string? image, string tag) =>
        ImageName.TryParse(image, out var name) ? name.WithoutDigest().WithTag(tag).Parts.ToString() : image;
}
