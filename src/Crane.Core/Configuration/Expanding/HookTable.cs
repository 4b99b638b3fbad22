namespace Crane.Configuration;

/// <summary>
/// Host commands around builds, by the container or group that has them. The commands stay as written: they are run, not
/// sent anywhere, and their dollars may be the shell's.
/// </summary>
internal sealed class HookTable
{
    private readonly Dictionary<string, MapNode> _hooks = new(StringComparer.Ordinal);

    public HookTable(CraneStack stack, StackNames names)
    {
        foreach (var (key, value) in stack.Hooks?.Entries ?? [])
        {
            // Hooks of a name that cannot be expanded are hooks of nothing that can be used.
            var name = names.Expand(key, out var fault);
            if (fault is null && value is MapNode hook)
                _hooks.TryAdd(name, hook);
        }
    }

    /// <summary>The hooks of a container: its own, else those of the first of its groups that has them; null for none.</summary>
    public ContainerHook? Of(string container, IReadOnlyList<string> groups)
    {
        if (_hooks.Count == 0)
            return null;
        var sources = groups.Prepend(container).Select(_hooks.GetValueOrDefault).ToList();
        var hook = new ContainerHook { PreBuild = First(sources, "pre-build"), PostBuild = First(sources, "post-build") };
        return hook is { PreBuild: null, PostBuild: null } ? null : hook;
    }

    private static string? First(IEnumerable<MapNode?> sources, string key) => sources
        .Select(source => (source?.Find(key) as ScalarNode) is { IsNull: false, Text.Length: > 0 } command ? command.Text : null)
        .FirstOrDefault(command => command is not null);
}
