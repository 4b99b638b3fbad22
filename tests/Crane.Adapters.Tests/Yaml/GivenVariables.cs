using Crane.CraneFile.Variables;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Variables that a test gives, as <c>NAME=value</c>.</summary>
internal sealed class GivenVariables(params string[] assignments) : IVariables
{
    private readonly Dictionary<string, string> _values =
        assignments.Select(assignment => assignment.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    public string? Get(string name) => _values.GetValueOrDefault(name);
}
