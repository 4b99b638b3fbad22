using System.Collections;
using Crane.CraneFile;
using Crane.CraneFile.Variables;
using Crane.Input;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Completes names in the crane file that the command line refers to.</summary>
public abstract class StackCompleter : WordCompleter
{
    private protected StackCompleter() { }

    private protected abstract IEnumerable<string> Words(CraneStack stack, IVariables variables);

    private protected sealed override Func<IReadOnlyList<string>> WordSource(IDictionary boundParameters)
    {
        var variables = new SessionVariables(boundParameters["Variable"] as IDictionary);
        try
        {
            var envFile = boundParameters.Contains("NoEnvFile") ? [] : Bound("EnvFile");
            var query = FileSystemPath.Query(SessionPaths(), Bound("Path"), Bound("LiteralPath"), envFile, variables);
            return () => Adapters.Current.CraneFiles.Load(query) is { Stack: { } stack } loaded
                ? [.. Words(stack, loaded.Variables)] : [];
        }
        catch (CraneException)
        {
            return () => [];
        }

        string[]? Bound(string parameter) =>
            LanguagePrimitives.TryConvertTo<string[]>(boundParameters[parameter], out var values) ? values : null;
    }

    // Completion runs inside a pipeline, where only a nested pipeline may access locations and drives.
    private static PathIntrinsics SessionPaths()
    {
        using var nested = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return nested.AddScript("$ExecutionContext").Invoke<EngineIntrinsics>()[0].SessionState.Path;
    }
}

/// <summary>Completes names of containers and groups.</summary>
public sealed class ContainerCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) =>
        [.. stack.ContainerNames(variables), .. stack.GroupNames(variables)];
}

/// <summary>Completes names of remotes.</summary>
public sealed class RemoteCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) => stack.RemoteNames(variables);
}

/// <summary>Completes names of groups.</summary>
public sealed class GroupCompleter : StackCompleter
{
    private protected override IEnumerable<string> Words(CraneStack stack, IVariables variables) => stack.GroupNames(variables);
}
