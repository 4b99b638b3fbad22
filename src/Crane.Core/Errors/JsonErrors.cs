using System.Text.Json;

namespace Crane.Errors;

/// <summary>What .NET throws while JSON of others is read.</summary>
internal static class JsonErrors
{
    /// <summary>
    /// Whether it is the JSON's fault. InvalidOperationException is for what is of another kind than it is read as, and for a
    /// text with half a surrogate pair, which no text of .NET can be.
    /// </summary>
    public static bool IsUnreadable(Exception fault) => fault is JsonException or InvalidOperationException;

    /// <summary>What is wrong, as a clause. .NET's own words about JSON are about its parser, and may quote what is secret.</summary>
    public static string Words(Exception fault) => fault switch
    {
        JsonException { LineNumber: { } line, BytePositionInLine: { } column } => $"it is not valid JSON, at line {line + 1}, byte {column + 1}",
        JsonException => "it is not valid JSON",
        InvalidOperationException => "a string in it is not valid Unicode, or a value has the wrong type",
        _ => fault.Message.TrimEnd('.'),
    };
}
