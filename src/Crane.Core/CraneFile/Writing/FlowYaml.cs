using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Writing;

/// <summary>Writes values in YAML's flow style, in one line.</summary>
internal static partial class FlowYaml
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A value of a file.</summary>
    public static string Of(ConfigNode value) => value switch
    {
        MapNode map => $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Quote(entry.Key.Text)}: {Of(entry.Value)}"))} }}",
        ListNode list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        { IsNull: true } => "null",
        ScalarNode scalar => Quote(scalar.Text),
        _ => "",
    };

    /// <summary>A string, in quotes where YAML could read something else.</summary>
    public static string Quote(string value) =>
        Plain().IsMatch(value) && !Word().IsMatch(value) ? value : JsonSerializer.Serialize(value, Json);

    [GeneratedRegex(@"\A[A-Za-z_./$][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*\z")]
    private static partial Regex Plain();

    // Null and booleans, also those of YAML 1.1.
    [GeneratedRegex(@"\A(null|true|false|yes|no|on|off|y|n|\.inf|\.nan|[.]?[0-9].*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
