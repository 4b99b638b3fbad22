using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
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
        var location = Runspace.DefaultRunspace?.SessionStateProxy.Path.CurrentFileSystemLocation.ProviderPath
            ?? Environment.CurrentDirectory;
        var given = boundParameters["Path"] ?? boundParameters["LiteralPath"];
        var paths = LanguagePrimitives.TryConvertTo<string[]>(given, out var texts) && texts is not null
            ? texts.Select(text => System.IO.Path.GetFullPath(text, location)).ToList()
            : [];
        var variables = new SessionVariables(boundParameters["Variable"] as IDictionary);
        return () => Adapters.Current.CraneFiles.Load(new CraneFileQuery(paths, location, variables)).Stack is { } stack
            ? words(stack, variables)
            : [];
    }
}
