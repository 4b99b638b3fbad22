using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Crane.Adapters.Yaml;

/// <summary>Writes JSON as YAML in blocks, for people to read.</summary>
internal static class JsonYaml
{
    private static readonly ISerializer Writer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true).WithIndentedSequences().DisableAliases().Build();

    /// <summary>The same values, in their order.</summary>
    public static string Write(JsonNode node) => Writer.Serialize(Plain(node)!).ReplaceLineEndings("\n").TrimEnd('\n');

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => map.ToDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => node.GetValue<long>(),
            _ => node.GetValue<string>(),
        },
    };
}
