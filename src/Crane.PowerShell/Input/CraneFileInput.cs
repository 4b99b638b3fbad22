using System.Collections;
using Crane.CraneFile;
using Crane.CraneFile.Model;
using Crane.CraneFile.Variables;
using Crane.Errors;
using Crane.Loading;

namespace Crane.Input;

/// <summary>Reads the crane files given by a cmdlet's parameters; reads and warns once for each set of files.</summary>
/// <param name="envFile">The paths of -EnvFile; null for the default.</param>
/// <param name="noEnvFile">Whether no file of variables is read.</param>
internal sealed class CraneFileInput(
    PathIntrinsics session, IDictionary? variables, string[]? envFile, bool noEnvFile, Action<string> warn)
{
    private const string Locator = "CRANE_CONFIG";

    private readonly SessionVariables _variables = new(variables);
    private readonly List<CraneStack> _stacks = [];
    private (string Key, CraneStackResult Result)? _last;

    /// <summary>Whether the environment names crane files, so that none is searched for.</summary>
    public static bool IsConfigured => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Locator));

    /// <summary>The variables of the files that were read last.</summary>
    public IVariables Variables => _last?.Result.Variables ?? _variables;

    public CraneStackResult Load(string[]? path, string[]? literalPath)
    {
        try
        {
            return Load(FileSystemPath.Query(session, path, literalPath, noEnvFile ? [] : envFile, _variables));
        }
        catch (CraneException error)
        {
            return new CraneStackResult(null, [error], [], _variables);
        }
    }

    public void WarnAboutUnusedVariables()
    {
        if (_last?.Result.Stack is null || !_variables.HasUnread)
            return;
        // Not all of a file was read: a variable may be that of a container that is not selected.
        var used = _stacks.SelectMany(stack => stack.VariableNames()).Append(Locator).ToHashSet(StringComparer.Ordinal);
        foreach (var name in _variables.Unused(used))
            warn($"-Variable has {name}, which the crane file does not use.{NearMatch.DidYouMean(used, name)}");
    }

    private CraneException? EnvFileConflict => envFile is null || !noEnvFile ? null : new CraneException(
        CraneErrorId.SettingConflict, "-EnvFile names files of variables, and -NoEnvFile reads none.", "Give one of the two.");

    private CraneStackResult Load(CraneFileQuery query)
    {
        var key = string.Join('\n', query.Path);
        if (_last is { } last && last.Key == key)
            return last.Result;
        var result = (_variables.Validate() ?? EnvFileConflict) is { } error
            ? new CraneStackResult(null, [error], [], _variables)
            : Adapters.Current.CraneFiles.Load(query);
        if (result.Stack is { } stack)
            _stacks.Add(stack);
        _last = (key, result);
        foreach (var warning in result.Warnings)
            warn(warning);
        return result;
    }
}

/// <summary>
/// The variables of -Variable, then the environment's. $null means not set, so that <c>-Variable @{ USER = $empty }</c> does not
/// silently fall back to the environment.
/// </summary>
internal sealed class SessionVariables(IDictionary? values) : IVariables
{
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there is a value that nothing has asked for.</summary>
    public bool HasUnread => Keys.Any(key => !_read.Contains(key));

    public string? Get(string name)
    {
        if (!IsGiven(name))
            return Environment.GetEnvironmentVariable(name);
        _read.Add(name);
        return PlainValues.Of(values![name]) as string;
    }

    public bool IsSaid(string name) => IsGiven(name) || Get(name) is not null;

    /// <summary>Returns an error if the variables are invalid, otherwise null.</summary>
    public CraneException? Validate()
    {
        foreach (var key in Keys)
            if (PlainValues.Of(values![key]) is { } value and not string)
                return Invalid(
                    $"The variable {key} in -Variable must be a string, not {PlainMap.KindOf(value)}.", $"Write @{{ {key} = 'VALUE' }}.");
        return Keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Skip(1).Any()) is { } same
            ? Invalid($"-Variable has {string.Join(" and ", same)}, which differ only in case.", "Keep one of them.")
            : null;
    }

    public IEnumerable<string> Unused(IReadOnlySet<string> used) =>
        Keys.Where(key => !used.Any(name => string.Equals(name, key, StringComparison.OrdinalIgnoreCase) && values!.Contains(name)));

    private bool IsGiven(string name) => values?.Contains(name) == true;

    private IEnumerable<string> Keys => (values?.Keys.Cast<object>() ?? []).Select(key => LanguagePrimitives.ConvertTo<string>(key));

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
