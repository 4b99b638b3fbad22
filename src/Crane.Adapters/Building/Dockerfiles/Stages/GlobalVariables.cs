using Crane.Adapters.Building.Dockerfiles.Words;

namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>
/// The variables that FROM sees: those that BuildKit defines, and those of the ARGs before the first FROM. What a stage
/// sets with ARG or ENV is not among them.
/// </summary>
internal sealed class GlobalVariables
{
    private readonly DockerfileSource _source;
    private readonly WordRules _rules;
    private readonly ExpansionBudget _budget = new();
    private readonly Dictionary<string, string> _values;

    /// <param name="source">The Dockerfile, for errors.</param>
    /// <param name="escape">Its escape character.</param>
    /// <param name="predefined">What BuildKit defines.</param>
    /// <param name="arguments">The ARGs before the first FROM.</param>
    /// <param name="buildArguments">The values given to the build, which beat every default.</param>
    /// <exception cref="CraneException">BuildFailed for a default that cannot be expanded.</exception>
    public GlobalVariables(
        DockerfileSource source, char escape, IReadOnlyDictionary<string, string> predefined,
        IReadOnlyList<GlobalArgument> arguments, IReadOnlyDictionary<string, string> buildArguments)
    {
        _source = source;
        _rules = new(escape);
        _values = new(predefined);
        foreach (var argument in arguments)
        {
            // Without a default it leaves an earlier value alone.
            if (buildArguments.TryGetValue(argument.Name, out var value))
                _values[argument.Name] = value;
            else if (argument.Default is not null)
                _values[argument.Name] = Expand(argument.Default, argument.Line);
        }
    }

    /// <summary>The value of a variable; null where it is not set.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>A text of a line with its quotes taken off and its variables expanded; what is not set comes out empty.</summary>
    /// <exception cref="CraneException">BuildFailed for a quote or brace without its end and the like.</exception>
    public string Expand(string text, int line) =>
        _source.At(line, () => WordReader.Expand(text, _rules, _values.GetValueOrDefault, _budget));
}
