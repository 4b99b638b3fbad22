using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>Host commands around builds and moves, by container or group. Their variables are not expanded: they may be meant for a shell.</summary>
internal sealed class HookTable
{
    private readonly Dictionary<string, MapNode> _hooks = new(StringComparer.Ordinal);

    public HookTable(CraneStack stack, ContainerIndex names)
    {
        foreach (var (key, value) in stack.Hooks?.Entries ?? [])
        {
            // A name that cannot be expanded is that of nothing that can be used.
            var name = names.Expand(key, out var error);
            if (error is null && value is MapNode hook)
                _hooks.TryAdd(name, hook);
        }
    }

    /// <summary>The hooks of a container: its own, otherwise those of its groups, which must agree. Null for none.</summary>
    /// <param name="values">Receives an InvalidValue if groups disagree.</param>
    public ContainerHook? Of(string container, IReadOnlyList<string> groups, ValueReader values)
    {
        if (_hooks.Count == 0)
            return null;
        var hook = new ContainerHook
        {
            PreBuild = Command("pre-build", container, groups, values),
            PostBuild = Command("post-build", container, groups, values),
            PreTag = Command("pre-tag", container, groups, values),
        };
        return hook is { PreBuild: null, PostBuild: null, PreTag: null } ? null : hook;
    }

    private string? Command(string key, string container, IReadOnlyList<string> groups, ValueReader values)
    {
        if (Find(container, key) is { } own)
            return Kept(own);
        var inherited = groups.Select(group => (Group: group, Command: Find(group, key))).Where(hook => hook.Command is not null).ToList();
        if (inherited is [])
            return null;
        var (first, command) = inherited[0];
        foreach (var (group, other) in inherited.Where(hook => hook.Command!.Text != command!.Text).Take(1))
        {
            values.Refuse(
                other!,
                $"hooks.{group}.{key}",
                $"differs from 'hooks.{first}.{key}' at {command!.Location}, and both groups contain '{container}'",
                $"Give '{container}' a {key} hook of its own, or remove it from one of the groups.");
        }

        return Kept(command!);

        string Kept(ScalarNode node)
        {
            values.Keep(node, "", key);
            return node.Text;
        }
    }

    private ScalarNode? Find(string name, string key) =>
        _hooks.GetValueOrDefault(name)?.Find(key) is ScalarNode { IsNull: false, Text.Length: > 0 } command ? command : null;
}
