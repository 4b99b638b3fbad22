using System.Text.Json;

namespace Crane.Content;

/// <summary>What .NET throws while JSON of others is read.</summary>
internal static class JsonFaults
{
    /// <summary>
    /// Whether it is the JSON's fault. InvalidOperationException is for what is of another kind than it is read as, and for a
    /// text with half a surrogate pair, which no text of .NET can be.
    /// </summary>
    public static bool IsUnreadable(Exception fault) => fault is JsonException or InvalidOperationException;

    /// <summary>What is wrong with it, as a clause. .NET's own words are about its parser, and may quote what is secret.</summary>
    public static string Words(Exception fault) => fault switch
    {
        JsonException { LineNumber: { } line, BytePositionInLine: { } position } => $"it is not valid in line {line + 1} at byte {position + 1}",
        InvalidOperationException => "a value in it is of the wrong kind",
        _ => fault.Message.TrimEnd('.'),
    };
}
