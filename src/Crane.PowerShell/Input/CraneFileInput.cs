using System.Collections;
using Crane.CraneFile;
using Crane.CraneFile.Model;
using Crane.CraneFile.Variables;
using Crane.Errors;
using Crane.Loading;

namespace Crane.Input;

/// <summary>The crane files that parameters of a cmdlet name: each is read, and warned about, once.</summary>
internal sealed class CraneFileInput(PathIntrinsics session, IDictionary? variables, Action<string> warn)
{
    // CRANE_CONFIG says where crane files are, so it is used by all of them.
    private readonly HashSet<string> _usedVariables = new(StringComparer.Ordinal) { "CRANE_CONFIG" };
    private readonly SessionVariables _variables = new(variables);
    private (string Key, CraneStackResult Result)? _last;

    /// <summary>The variables of this call: those of -Variable over the environment.</summary>
    public IVariables Variables => _variables;

    public CraneStackResult Load(string[]? path, string[]? literalPath)
    {
        try
        {
            return Load(FileSystemPath.Query(session, path, literalPath, _variables));
        }
        catch (CraneException error)
        {
            return new CraneStackResult(null, [error], []);
        }
    }

    public void WarnOfUnusedVariables()
    {
        if (_last?.Result.Stack is null)
            return;
        foreach (var name in _variables.NotAmong(_usedVariables))
            warn($"-Variable has {name}, which the crane file does not use.{NearMatch.DidYouMean(_usedVariables, name)}");
    }

    private CraneStackResult Load(CraneFileQuery query)
    {
        var key = string.Join('\n', query.Path);
        if (_last is { } last && last.Key == key)
            return last.Result;
        var result = _variables.Fault() is { } fault
            ? new CraneStackResult(null, [fault], [])
            : Adapters.Current.CraneFiles.Load(query);
        if (variables is not null && result.Stack is { } stack)
            _usedVariables.UnionWith(stack.VariableNames());
        _last = (key, result);
        foreach (var warning in result.Warnings)
            warn(warning);
        return result;
    }
}

/// <summary>
/// The variables of -Variable, then the environment's. One that is $null is not set, whatever the environment says:
/// <c>-Variable @{ USER = $maybe }</c> must not fall back silently.
/// </summary>
internal sealed class SessionVariables(IDictionary? values) : IVariables
{
    public string? Get(string name) => values is not null && values.Contains(name)
        ? PlainValues.Of(values[name]) as string
        : Environment.GetEnvironmentVariable(name);

    /// <summary>What is wrong with the variables; null where nothing is.</summary>
    public CraneException? Fault()
    {
        foreach (var key in Keys)
            if (PlainValues.Of(values![key]) is { } value and not string)
                return Invalid($"-Variable has {PlainMap.KindOf(value)} for {key}, and a variable is a string.", $"Write @{{ {key} = 'VALUE' }}.");
        return Keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } same
            ? Invalid($"-Variable has {string.Join(" and ", same)}, which differ only in case.", "Keep one of them.")
            : null;
    }

    /// <summary>The variables that are not among those.</summary>
    public IEnumerable<string> NotAmong(IReadOnlySet<string> used) =>
        Keys.Where(key => !used.Any(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase) && values!.Contains(name)));

    private IEnumerable<string> Keys => (values?.Keys.Cast<object>() ?? []).Select(key => LanguagePrimitives.ConvertTo<string>(key));

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
