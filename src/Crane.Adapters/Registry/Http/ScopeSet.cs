namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The scopes of a token: actions by resource, such as <c>repository:company/foo:pull,push</c>. Equal sets have the same string.
/// </summary>
internal sealed class ScopeSet
{
    private readonly Dictionary<string, SortedSet<string>> _actions = new(StringComparer.Ordinal);

    private ScopeSet()
    {
    }

    /// <summary>No scope: a token that only identifies the user.</summary>
    public static ScopeSet Empty { get; } = new();

    public bool IsEmpty => _actions.Count == 0;

    /// <summary>The scopes, each as a string, in order.</summary>
    public IEnumerable<string> Scopes =>
        _actions.Keys.Order(StringComparer.Ordinal).Select(resource => $"{resource}:{string.Join(',', _actions[resource])}");

    public static ScopeSet Of(IReadOnlyList<RegistryScope> scopes) =>
        scopes.Count == 0 ? Empty : Read(scopes.Select(scope => scope.ToString()));

    /// <summary>The scopes of a challenge, separated by spaces; none for null.</summary>
    public static ScopeSet Parse(string? scopes) =>
        string.IsNullOrWhiteSpace(scopes) ? Empty : Read(scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public ScopeSet With(ScopeSet others) => Covers(others) ? this : others.Covers(this) ? others : Read(Scopes.Concat(others.Scopes));

    /// <summary>Whether a token for these is also one for the others.</summary>
    public bool Covers(ScopeSet others) => others._actions.Keys.All(
        resource => _actions.TryGetValue(resource, out var actions) && actions.IsSupersetOf(others._actions[resource]));

    /// <summary>The scopes separated by spaces, as in OAuth2.</summary>
    public override string ToString() => string.Join(' ', Scopes);

    private static ScopeSet Read(IEnumerable<string> scopes)
    {
        var set = new ScopeSet();
        foreach (var scope in scopes)
        {
            // A name may begin with a host and port, and so have a colon.
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
