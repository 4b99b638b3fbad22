using System.Text.Json;

namespace Crane.Errors;

/// <summary>The exceptions of .NET for JSON that is not as expected.</summary>
internal static class JsonErrors
{
    /// <summary>Whether the JSON is the cause. InvalidOperationException is for a wrong type or half a surrogate pair.</summary>
    public static bool IsUnreadable(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>What is wrong, as a clause. .NET's own messages about JSON may quote secrets.</summary>
    public static string Words(Exception exception) => exception switch
    {
        JsonException { LineNumber: { } line, BytePositionInLine: { } column } =>
            $"it is not valid JSON, at line {line + 1}, byte {column + 1}",
        JsonException => "it is not valid JSON",
        InvalidOperationException => "a string in it is not valid Unicode, or a value has the wrong type",
        _ => exception.Message.TrimEnd('.'),
    };
}
