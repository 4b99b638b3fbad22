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
}
