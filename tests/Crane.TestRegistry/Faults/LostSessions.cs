using System.Collections.Concurrent;

namespace Crane.Testing.Faults;

/// <summary>The uploads that a proxy pretends the registry has forgotten, by their paths.</summary>
internal sealed class LostSessions
{
    private readonly ConcurrentDictionary<string, bool> _paths = new();

    public void Lose(string path) => _paths[path] = true;

    public bool Has(string path) => _paths.ContainsKey(path);
}
