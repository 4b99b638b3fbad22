using System.Text.Json;

namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>Arguments written as a JSON array, as in <c>RUN ["a", "b"]</c>.</summary>
internal static class JsonWords
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 1000 };

    /// <summary>The words; null where the text is no JSON array, and is meant as it stands.</summary>
    /// <exception cref="DockerfileFault">An array of something else than texts.</exception>
    public static IReadOnlyList<string>? Read(string text)
    {
        if (text is not ['[', ..])
            return null;
        try
        {
            using var json = JsonDocument.Parse(text, _options);
            var items = json.RootElement.EnumerateArray().ToList();
            return items.All(item => item.ValueKind == JsonValueKind.String)
                ? [.. items.Select(item => item.GetString()!)]
                : throw new DockerfileFault("an array of arguments can only hold texts", "Put each argument in double quotes.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
