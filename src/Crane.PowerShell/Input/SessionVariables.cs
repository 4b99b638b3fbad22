using System.Collections;
using System.Management.Automation;
using Crane.Configuration;

namespace Crane.Commands;

/// <summary>
/// The given variables, then the environment's. One that is given as $null is not set, whatever the environment says:
/// <c>-Variable @{ USER = $maybe }</c> must not fall back silently.
/// </summary>
internal sealed class SessionVariables(IDictionary? given) : IVariables
{
    public string? Get(string name) => given is not null && given.Contains(name)
        ? PlainValues.Of(given[name]) as string
        : Environment.GetEnvironmentVariable(name);

    /// <summary>What is wrong with the given variables; null where nothing is.</summary>
    public CraneException? Fault()
    {
        foreach (var key in Keys)
            if (PlainValues.Of(given![key]) is { } value and not string)
                return Invalid($"-Variable has {PlainMap.KindOf(value)} for {key}, and a variable is a string.", $"Write @{{ {key} = 'VALUE' }}.");
        return Keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } same
            ? Invalid($"-Variable has {string.Join(" and ", same)}, which differ only in case.", "Keep one of them.")
            : null;
    }

    /// <summary>The given variables that are none of those.</summary>
    public IEnumerable<string> NotAmong(IReadOnlySet<string> used) =>
        Keys.Where(key => !used.Any(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase) && given!.Contains(name)));

    private IEnumerable<string> Keys => (given?.Keys.Cast<object>() ?? []).Select(key => LanguagePrimitives.ConvertTo<string>(key));

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
