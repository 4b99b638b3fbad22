using Crane.CraneFile.Variables;

namespace Crane.Core.Tests.Configuration;

/// <summary>Variables that a test gives.</summary>
internal sealed class GivenVariables(IReadOnlyDictionary<string, string> values) : IVariables
{
    public List<string> Asked { get; } = [];

    public string? Get(string name)
    {
        Asked.Add(name);
        return values.GetValueOrDefault(name);
    }
}
