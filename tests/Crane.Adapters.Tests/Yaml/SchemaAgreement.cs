using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crane.Adapters.Yaml;
using Crane.CraneFile;
using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.CraneFile.Schema;
using Json.Schema;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>
/// Whether the schema for editors says of a file what the module says of it. Every text that a test loads is compared, whatever the test
/// is about.
/// </summary>
internal static partial class SchemaAgreement
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText("crane.schema.json"));
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Fails if the schema accepts what the module refuses, or the other way round.</summary>
    public static void Check(ConfigDocument document)
    {
        // The schema does not know whether there are other files, which may have the containers.
        var errors = CraneFileRules.Judge(document, isAlone: false, ComposeSecrets.DeclaredIn([document.Root])).Errors;
        var expected = errors.Where(IsOfSchemas).ToList();
        if (expected.Count == 0 && errors.Count > 0)
            return;
        var accepts = Schema.Evaluate(JsonSerializer.SerializeToElement(Json(document.Root), Deep)).IsValid;
        if (accepts != (expected.Count == 0))
            Assert.Fail(
                $"crane.schema.json {(accepts ? "accepts" : "refuses")} this file, and the module does not:\n{document.File.Text}\n"
                + string.Join('\n', expected.Select(error => error.Message)));
    }

    /// <summary>The same for each of some files. What cannot be found or is not YAML is no file of either.</summary>
    public static void Check(CraneFileQuery query)
    {
        foreach (var found in Valid(() => CraneFileFinder.Find(query)) ?? [])
            if (Valid(() => YamlDocument.Read(CraneFileText.Read(found))) is { } document)
                Check(document);
    }

    private static T? Valid<T>(Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (CraneException)
        {
            return null;
        }
    }

    // Not what compares keys with each other or one part of the file with another, and not keys that are only near to known ones.
    private static bool IsOfSchemas(CraneException error) => error.Id switch
    {
        CraneErrorId.UnknownContainer or CraneErrorId.DependencyCycle => false,
        CraneErrorId.DuplicateKey => !error.Message.Contains("duplicate ", StringComparison.Ordinal),
        CraneErrorId.UnknownKey => !error.Message.Contains("unknown key ", StringComparison.Ordinal),
        CraneErrorId.InvalidValue => !error.Message.Contains("is not one of the file's 'secrets'", StringComparison.Ordinal),
        _ => true,
    };

    private static JsonNode? Json(ConfigNode node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.DistinctBy(Name).Select(entry => KeyValuePair.Create(Name(entry), Json(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Json)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode { IsPlain: true, Text: "true" or "True" or "TRUE" } => true,
        ScalarNode { IsPlain: true, Text: "false" or "False" or "FALSE" } => false,
        ScalarNode { IsPlain: true } scalar when Number().IsMatch(scalar.Text) => 0,
        ScalarNode scalar => scalar.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private static string Name(MapEntry entry) => entry.Key.IsNull ? "" : entry.Key.Text;

    // As the core schema of YAML 1.2 has them (https://yaml.org/spec/1.2.2/#103-core-schema). No rule is about their values.
    [GeneratedRegex(@"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Number();
}
