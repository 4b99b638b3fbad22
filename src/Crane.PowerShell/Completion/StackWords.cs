using System.Collections;
using System.Management.Automation;
using Crane.Commands;
using Crane.Configuration;
using Crane.Loading;

namespace Crane.Completion;

/// <summary>Reads the crane file that the command line so far names, for its words.</summary>
internal static class StackWords
{
    public static Func<IReadOnlyList<string>> Of(
        IDictionary boundParameters, Func<CraneStack, IVariables, IReadOnlyList<string>> words)
    {
        var session = SessionPaths();
        if (!CraneFilePaths.TryResolve(session, Given("Path"), Given("LiteralPath"), out var paths, out _))
            return () => [];
        var variables = new SessionVariables(boundParameters["Variable"] as IDictionary);
        var query = new CraneFileQuery(paths, CraneFilePaths.CurrentFolder(session), variables);
        return () => Adapters.Current.CraneFiles.Load(query).Stack is { } stack ? words(stack, variables) : [];

        string[]? Given(string parameter) =>
            LanguagePrimitives.TryConvertTo<string[]>(boundParameters[parameter], out var texts) ? texts : null;
    }

    // Completion is part of a running pipeline, in which only a nested one may ask about locations and drives.
    private static PathIntrinsics SessionPaths()
    {
        using var nested = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        return nested.AddScript("$ExecutionContext").Invoke<EngineIntrinsics>()[0].SessionState.Path;
    }
}
