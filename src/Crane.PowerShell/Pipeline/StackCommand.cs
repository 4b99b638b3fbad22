using System.Collections;
using System.Management.Automation;
using Crane.Configuration;
using Crane.Loading;

namespace Crane.Commands;

/// <summary>What the cmdlets that read crane files have in common: which files, and which containers of them.</summary>
public abstract class StackCommand : CraneCommand
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    // CRANE_CONFIG says where crane files are, so it is used by all of them.
    private readonly HashSet<string> _usedVariables = new(StringComparer.Ordinal) { "CRANE_CONFIG" };

    private (string Key, CraneStackResult Result)? _lastLoad;

    /// <summary>
    /// <para>Crane files, or folders that hold crane.yaml, crane.yml or crane.json. Several files merge: maps deeply, lists and
    /// other values are those of the later file.</para>
    /// <para>Without it: the files of the variable CRANE_CONFIG, else the crane file of the current location or of the nearest
    /// of its parents.</para>
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public virtual string[]? Path { get; set; }

    /// <summary>Crane files or folders, as <see cref="Path"/>, but taken as they are: no character is a wildcard.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>
    /// Values for the variables in the crane file, by name. They come before the environment's; one that is $null counts as
    /// not set, whatever the environment says.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public IDictionary? Variable { get; set; }

    /// <summary>The variables of this call: <see cref="Variable"/> over the environment.</summary>
    private protected IVariables Variables => GivenVariables;

    private SessionVariables GivenVariables => new(Variable);

    private protected override void Finish()
    {
        if (_lastLoad?.Result.Stack is null)
            return;
        foreach (var name in GivenVariables.NotAmong(_usedVariables))
            WriteWarning($"-Variable has {name}, which the crane file does not use.{NearMatch.Question(_usedVariables, name)}");
    }

    /// <summary>Loads the crane files that the parameters name; its warnings are written here.</summary>
    private protected CraneStackResult LoadStack() =>
        CraneFilePaths.TryResolve(SessionState.Path, Path, LiteralPath, out var paths, out var error)
            ? Load(new CraneFileQuery(paths, CraneFilePaths.CurrentFolder(SessionState.Path), Variables))
            : new CraneStackResult(null, [error], []);

    // Names may come down the pipeline one by one; their file is read, and warned about, once.
    private CraneStackResult Load(CraneFileQuery query)
    {
        var key = string.Join('\n', query.Path);
        if (_lastLoad is { } last && last.Key == key)
            return last.Result;
        var result = GivenVariables.Fault() is { } fault
            ? new CraneStackResult(null, [fault], [])
            : Adapters.Current.CraneFiles.Load(query);
        if (Variable is not null && result.Stack is { } stack)
            _usedVariables.UnionWith(stack.VariableNames());
        _lastLoad = (key, result);
        foreach (var warning in result.Warnings)
            WriteWarning(warning);
        return result;
    }
}
