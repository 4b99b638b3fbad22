namespace Crane.Configuration;

/// <summary>Variables that a user gives, and behind them the environment.</summary>
/// <param name="given">The user's own; they win. The dictionary decides whether the case of names counts.</param>
/// <param name="environment">Where the others come from.</param>
internal sealed class LayeredVariables(IReadOnlyDictionary<string, string> given, IVariables environment) : IVariables
{
    /// <inheritdoc/>
    public string? Get(string name) => given.TryGetValue(name, out var value) ? value : environment.Get(name);
}
