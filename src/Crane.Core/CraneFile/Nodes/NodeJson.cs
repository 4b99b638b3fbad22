using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Crane.CraneFile.Nodes;

/// <summary>Turns values of a file into JSON, with variables as they are written.</summary>
internal static partial class NodeJson
{
    /// <summary>The value: null, a boolean and an integer by YAML's core schema where they are written plainly, otherwise a string.</summary>
    public static JsonNode? Of(ConfigNode value) => value switch
    {
        MapNode map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, Of(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Of)]),
        { IsNull: true } => null,
        ScalarNode { IsPlain: true, Text: "true" or "false" } flag => flag.Text == "true",
        ScalarNode { IsPlain: true } number when Integer().IsMatch(number.Text) && long.TryParse(number.Text, out var whole) => whole,
        ScalarNode text => text.Text,
        _ => null,
    };

    [GeneratedRegex(@"\A(0|-?[1-9][0-9]*)\z")]
    private static partial Regex Integer();
}
