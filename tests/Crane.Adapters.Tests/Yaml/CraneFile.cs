using Crane.Adapters.Yaml;
using Crane.CraneFile;
using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Crane files as texts in a test, in the folder <see cref="Folder"/>, which is not on disk.</summary>
internal static class CraneFile
{
    public static string Folder { get; } = Path.GetFullPath("/stack");

    public static string FilePath { get; } = Path.Join(Folder, "crane.yaml");

    /// <summary>What is wrong, and what is strange, in a file. Each error says what to do.</summary>
    public static (IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings) Judge(string yaml)
    {
        var judged = Read(yaml);
        Assert.All(judged.Errors, error => Assert.False(string.IsNullOrEmpty(error.RecommendedAction), error.Message));
        return judged;
    }

    private static (IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings) Read(string yaml)
    {
        try
        {
            var document = YamlDocument.Read(File(yaml));
            SchemaAgreement.Check(document);
            var verdict = CraneFileRules.Judge(document, isAlone: true, ComposeSecrets.DeclaredIn([document.Root]));
            return (verdict.Errors, verdict.Warnings);
        }
        catch (CraneException exception)
        {
            return ([exception], []);
        }
    }

    /// <summary>Files on disk.</summary>
    public static CraneStackResult Load(CraneFileQuery query)
    {
        SchemaAgreement.Check(query);
        return new CraneFileSource().Load(query);
    }

    /// <summary>The one error of a file.</summary>
    public static CraneException Error(string yaml) => Assert.Single(Judge(yaml).Errors);

    /// <summary>A file without errors.</summary>
    public static CraneStack Stack(string yaml)
    {
        Assert.Empty(Judge(yaml).Errors);
        return CraneStack.Merge([(MapNode)YamlDocument.Read(File(yaml)).Root], _ => false);
    }

    /// <summary>What a request selects from a file.</summary>
    public static SelectionResult Select(string yaml, SelectionRequest? request = null, params string[] variables) =>
        Selection.Select(Stack(yaml), request ?? new SelectionRequest(), new GivenVariables(variables));

    /// <summary>The containers of a file, where nothing is wrong.</summary>
    public static IReadOnlyList<CraneContainer> Containers(string yaml, params string[] variables)
    {
        var result = Select(yaml, null, variables);
        Assert.Empty(result.Errors);
        return result.Containers;
    }

    /// <summary>The one container of a file.</summary>
    public static CraneContainer Container(string yaml, params string[] variables) => Assert.Single(Containers(yaml, variables));

    private static SourceFile File(string yaml) => new(FilePath, yaml, "given by path");
}
