using System.Buffers;
using System.Text.Json;
using Crane.Content;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// What a registry or token service says about why it refuses: <c>errors</c> of the distribution specification, or one of the
/// forms that token services have.
/// </summary>
internal static class ErrorBody
{
    private const int LongestBody = 16 * 1024;
    private const int LongestMessage = 300;

    /// <summary>
    /// The message, cleaned for a terminal; null where the body has none, or breaks off. No more of it is read than a message may
    /// be long.
    /// </summary>
    public static async Task<string?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBody);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, LongestBody), LongestBody, throwOnEndOfStream: false, cancellation);
            return Read(buffer.AsMemory(0, length)) is { } message ? Clean(message) : null;
        }
        catch (CraneException)
        {
            // The status says that it failed; its explanation got lost on the way.
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Messages(document.RootElement);
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            return null;
        }
    }

    private static string? Messages(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
        {
            var messages = errors.EnumerateArray().Select(Message).OfType<string>().Distinct().ToList();
            return messages.Count == 0 ? null : string.Join("; ", messages);
        }
        return Text(root, "details") ?? Text(root, "error_description") ?? Text(root, "message") ?? Text(root, "error");
    }

    private static string? Message(JsonElement error) => error.ValueKind != JsonValueKind.Object
        ? null
        : (Text(error, "code"), Text(error, "message")) switch
        {
            ({ } code, { } message) => $"{code}: {message}",
            (var code, var message) => message ?? code,
        };

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;

    private static string Clean(string message)
    {
        var visible = new string(message.Select(character => char.IsControl(character) ? ' ' : character).ToArray()).Trim();
        return visible.Length <= LongestMessage ? visible : $"{visible[..LongestMessage]}…";
    }
}
