namespace Crane.Adapters.Registry.Http;

/// <summary>
/// What a token is asked for: actions by resource, such as <c>repository:company/foo:pull,push</c>. Sets with the same
/// content have the same text, whatever order they were said in.
/// </summary>
internal sealed class ScopeSet
{
    private readonly SortedDictionary<string, SortedSet<string>> _actions = new(StringComparer.Ordinal);

    private ScopeSet()
    {
    }

    /// <summary>No scope: a token that says who somebody is, and nothing more.</summary>
    public static ScopeSet Empty { get; } = new();

    public bool IsEmpty => _actions.Count == 0;

    /// <summary>The scopes, each as a token service reads it.</summary>
    public IEnumerable<string> Scopes => _actions.Select(entry => $"{entry.Key}:{string.Join(',', entry.Value)}");

    public static ScopeSet Of(IReadOnlyList<RegistryScope> scopes) =>
        scopes.Count == 0 ? Empty : Read(scopes.Select(scope => scope.ToString()));

    /// <summary>The scopes of a challenge, with spaces between them. Null gives none.</summary>
    public static ScopeSet Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Empty : Read(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public ScopeSet With(ScopeSet others) => Covers(others) ? this : others.Covers(this) ? others : Read(Scopes.Concat(others.Scopes));

    /// <summary>Whether a token for these is one for the others, too.</summary>
    public bool Covers(ScopeSet others) => others._actions.All(
        other => _actions.TryGetValue(other.Key, out var actions) && actions.IsSupersetOf(other.Value));

    /// <summary>The scopes with spaces between them, as OAuth2 has it.</summary>
    public override string ToString() => string.Join(' ', Scopes);

    private static ScopeSet Read(IEnumerable<string> scopes)
    {
        var set = new ScopeSet();
        foreach (var scope in scopes)
        {
            // A name may have a colon, where it begins with a host and port.
            var colon = scope.LastIndexOf(':');
            if (colon <= 0)
                continue;
            if (!set._actions.TryGetValue(scope[..colon], out var actions))
                set._actions[scope[..colon]] = actions = new SortedSet<string>(StringComparer.Ordinal);
            actions.UnionWith(scope[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        return set;
    }
}
