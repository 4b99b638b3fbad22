using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Crane.Architecture.Tests;

/// <summary>
/// Which folder of a project needs which, as the compiler sees it: a folder needs another one when a name in its files means
/// something that is declared there. The top folder has the project's name.
/// </summary>
internal sealed class FolderGraph
{
    private static readonly ConcurrentDictionary<string, FolderGraph> Graphs = [];

    private readonly string _root;
    private readonly SortedDictionary<(string From, string To), string> _arrows = [];

    private FolderGraph(string project)
    {
        _root = Repository.PathOf("src", project);
        var compilation = CSharpCompilation.Create(
            project == "Crane.PowerShell" ? "Crane" : project, Sources(), References(project),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
            Add(tree, compilation.GetSemanticModel(tree));
    }

    /// <summary>The graph of a project below src.</summary>
    public static FolderGraph Of(string project) => Graphs.GetOrAdd(project, name => new FolderGraph(name));

    /// <summary>The arrows, each with a name that causes it and its file.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Arrows => _arrows;

    /// <summary>The arrows that are left when each one that follows from the others is taken away: what a picture shows.</summary>
    public IEnumerable<(string From, string To)> Reduced() =>
        _arrows.Keys.Where(arrow => !Needs(arrow.From).Any(other => other != arrow.To && Reaches(other, arrow.To)));

    /// <summary>Whether a way along the arrows leads from one folder to another.</summary>
    public bool Reaches(string from, string to)
    {
        var (seen, next) = (new HashSet<string>(), new Stack<string>([from]));
        while (next.TryPop(out var folder))
        {
            foreach (var needed in Needs(folder).Where(seen.Add))
                next.Push(needed);
        }

        return seen.Contains(to);
    }

    private IEnumerable<string> Needs(string folder) => _arrows.Keys.Where(arrow => arrow.From == folder).Select(arrow => arrow.To);

    private void Add(SyntaxTree tree, SemanticModel model)
    {
        var from = FolderOf(tree.FilePath);
        foreach (var name in tree.GetCompilationUnitRoot().Members.SelectMany(member => member.DescendantNodes()).OfType<SimpleNameSyntax>())
        {
            foreach (var to in Declarations(model.GetSymbolInfo(name)).Where(file => file.Length > 0).Select(FolderOf).Where(to => to != from))
                _arrows.TryAdd((from, to), $"{name.Identifier.Text} in {Path.GetFileName(tree.FilePath)}");
        }
    }

    // The files that declare what a name means. A member is declared where its type is.
    private static IEnumerable<string> Declarations(SymbolInfo info) =>
        (info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols)
            .Where(meaning => meaning is not INamespaceSymbol)
            .Select(meaning => (meaning as IMethodSymbol)?.ReducedFrom ?? meaning)
            .SelectMany(meaning => (meaning as INamedTypeSymbol ?? meaning.ContainingType)?.DeclaringSyntaxReferences ?? [])
            .Select(reference => reference.SyntaxTree.FilePath);

    private string FolderOf(string file) => Path.GetRelativePath(_root, Path.GetDirectoryName(file)!) switch
    {
        "." => Path.GetFileName(_root),
        var folder => folder.Replace('\\', '/'),
    };

    private IEnumerable<SyntaxTree> Sources() =>
        Directory.EnumerateFiles(_root, "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(_root, file).Split('/', '\\')[0] is not ("bin" or "obj"))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings));

    // Of ours, the core alone: nothing is compiled against the others, and no project against itself.
    private static IEnumerable<MetadataReference> References(string project) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileNameWithoutExtension(file) is var name && name is not ("Crane" or "Crane.Adapters") && name != project)
            .Select(file => MetadataReference.CreateFromFile(file));

    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;
}
