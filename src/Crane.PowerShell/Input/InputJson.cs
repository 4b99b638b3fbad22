using System.Management.Automation;
using System.Text.Json;
using Crane.Content;

namespace Crane.Commands;

/// <summary>Reads sections that have become JSON in a column of CSV: objects of texts, booleans and lists of texts.</summary>
internal static class InputJson
{
    /// <summary>The object.</summary>
    /// <exception cref="CraneException">InvalidValue, where the text is no JSON object.</exception>
    public static PSObject Object(string text) => Read(text, root => Object(root));

    /// <summary>The objects of a list, or the one object.</summary>
    /// <exception cref="CraneException">InvalidValue, where the text is neither.</exception>
    public static IReadOnlyList<PSObject> Objects(string text) => Read(
        text, root => root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Select(Object).ToList() : [Object(root)]);

    private static T Read<T>(string text, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return read(json.RootElement);
        }
        // Of another kind than an object, or no JSON at all.
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"'{text}' is not JSON of objects: {JsonFaults.Words(fault)}.", "Leave it as Export-Csv wrote it.");
        }
    }

    private static PSObject Object(JsonElement element)
    {
        var input = new PSObject();
        foreach (var property in element.EnumerateObject())
        {
            object? value = property.Value.ValueKind == JsonValueKind.Array
                ? property.Value.EnumerateArray().Select(item => item.ToString()).ToArray()
                : property.Value.ToString();
            input.Properties.Add(new PSNoteProperty(property.Name, value));
        }

        return input;
    }
}
