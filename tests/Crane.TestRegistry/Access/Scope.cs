namespace Crane.Testing;

/// <summary>What a token allows, or a request needs: <c>repository:company/os:pull,push</c>.</summary>
/// <param name="Type">The kind of thing: repository or registry.</param>
/// <param name="Name">Which one.</param>
/// <param name="Actions">What is done with it.</param>
public sealed record Scope(string Type, string Name, IReadOnlyList<string> Actions)
{
    /// <summary>The actions in a repository.</summary>
    public static Scope Repository(string name, params string[] actions) => new("repository", name, actions);

    /// <summary>Reads a scope; null if it is none.</summary>
    public static Scope? Parse(string scope) => scope.IndexOf(':') is var first && scope.LastIndexOf(':') is var last && first < last
        ? new Scope(scope[..first], scope[(first + 1)..last], scope[(last + 1)..].Split(',')) : null;

    /// <summary>Tells whether this allows all that another needs.</summary>
    public bool Covers(Scope needed) =>
        (Type, Name) == (needed.Type, needed.Name) && needed.Actions.All(action => Actions.Contains(action));

    /// <inheritdoc/>
    public override string ToString() => $"{Type}:{Name}:{string.Join(',', Actions)}";
}
