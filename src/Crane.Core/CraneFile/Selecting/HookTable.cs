using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>
/// Host commands around builds, by the container or group that has them. The commands stay as written: they are run, not
/// sent anywhere, and their dollars may be the shell's.
/// </summary>
internal sealed class HookTable
{
    private readonly Dictionary<string, MapNode> _hooks = new(StringComparer.Ordinal);

    public HookTable(CraneStack stack, ContainerIndex names)
    {
        foreach (var (key, value) in stack.Hooks?.Entries ?? [])
        {
            // Hooks of a name that cannot be expanded are hooks of nothing that can be used.
            var name = names.Expand(key, out var fault);
            if (fault is null && value is MapNode hook)
                _hooks.TryAdd(name, hook);
        }
    }

    /// <summary>The hooks of a container: its own, else those of its groups, which then have to agree. Null for none.</summary>
    /// <param name="container">Its name.</param>
    /// <param name="groups">The groups that list it.</param>
    /// <param name="values">Takes an InvalidValue where groups disagree.</param>
    public ContainerHook? Of(string container, IReadOnlyList<string> groups, ValueReader values)
    {
        if (_hooks.Count == 0)
            return null;
        var hook = new ContainerHook
        {
            PreBuild = Command("pre-build", container, groups, values),
            PostBuild = Command("post-build", container, groups, values),
        };
        return hook is { PreBuild: null, PostBuild: null } ? null : hook;
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
                $"is another command than 'hooks.{first}.{key}' at {command!.Location}, and both groups list the container",
                $"Give '{container}' itself a {key} hook, which decides, or take it out of one of the groups.");
        }

        return Kept(command!);

        string Kept(ScalarNode text)
        {
            values.Keep(text, "", key);
            return text.Text;
        }
    }

    private ScalarNode? Find(string name, string key) =>
        _hooks.GetValueOrDefault(name)?.Find(key) is ScalarNode { IsNull: false, Text.Length: > 0 } command ? command : null;
}
