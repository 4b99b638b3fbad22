namespace Crane.Configuration;

/// <summary>Turns declared containers of one stack into the containers that a user sees: every variable expanded.</summary>
internal sealed class ContainerExpander
{
    private readonly IVariables _variables;
    private readonly DependencyGraph _graph;
    private readonly GroupMembership _membership;
    private readonly BuildReader _builds;
    private readonly HookTable _hooks;
    private readonly RegistryTable _registries;
    private readonly List<CraneException> _errors = [];

    public ContainerExpander(CraneStack stack, StackNames names, DependencyGraph graph, IVariables variables)
    {
        _variables = variables;
        _graph = graph;
        _membership = new GroupMembership(names);
        _builds = new BuildReader(stack.FileExists);
        _hooks = new HookTable(stack, names);
        _registries = new RegistryTable(stack, names, _errors);
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
        var image = values.Text(body, "", "image")?.Trim() is { Length: > 0 } text ? text : null;
        if (tag is not null && (isNamed || TagOverride.IsOurs(build, pull, push)))
            image = TagOverride.Apply(image, tag);
        var references = References.Of(image, build, pull, push);
        var groups = _membership.GroupsOf(declared);

        // Read for its errors alone: the graph has passed over what it could not expand.
        _ = values.Texts(body, "", "requires");

        var container = new CraneContainer
        {
            Name = declared.Name,
            Image = image,
            Build = build,
            Pull = pull,
            Push = push,
            PullReference = references.Pull?.ToString(),
            PushReference = references.Push?.ToString(),
            Requires = [.. _graph.Needs(declared).Where(need => need.Target is not null).Select(need => need.Name)],
            Group = groups,
            Hook = _hooks.Of(declared.Name, groups, values),
            RegistrySetting = _registries.Of([references.Pull, references.Push], values),
            Path = declared.Entry.Key.File.Path,
            Line = declared.Entry.Key.Line,
        };
        if (_errors.Count == failures)
            return container;
        for (var i = failures; i < _errors.Count; i++)
            _errors[i] = _errors[i].About(declared.Name);
        return null;
    }

    private static ContainerPull? Pull(MapNode? section, ValueReader values) => section is null ? null : new ContainerPull
    {
        Registry = values.Text(section, "pull", "registry"),
        OverrideUser = values.Text(section, "pull", "override_user"),
    };

    private static ContainerPush? Push(MapNode? section, ValueReader values) => section is null ? null : new ContainerPush
    {
        Registry = values.Text(section, "push", "registry"),
        OverrideUser = values.Text(section, "push", "override_user"),
        Skip = values.Flag(section, "push", "skip"),
        Tag = values.Texts(section, "push", "tag"),
    };
}
