using System.Buffers;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// What a registry or token service says about why it refuses: <c>errors</c> of the distribution specification, or one of the
/// forms that token services have.
/// </summary>
/// <param name="Message">The message, cleaned for a terminal; null where the body has none, or breaks off.</param>
/// <param name="Codes">The codes of its errors.</param>
internal sealed record ErrorBody(string? Message, IReadOnlyList<string> Codes)
{
    private const int LongestBody = 16 * 1024;
    private const int LongestMessage = 300;

    private static readonly ErrorBody None = new(null, []);
    private static readonly HttpRequestOptionsKey<ErrorBody> Known = new("Crane.ErrorBody");

    // What is wrong with the request, after the specification, so that the same request has the same answer tomorrow.
    private static readonly HashSet<string> Refusals = new(StringComparer.Ordinal)
    {
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "DENIED", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "TAG_INVALID", "UNSUPPORTED",
    };

    /// <summary>Whether it is about the request, whatever the status says.</summary>
    public bool IsRefusal => Codes.Any(Refusals.Contains);

    /// <summary>Reads the body of an answer. No more of it is read than a message may be long.</summary>
    /// <remarks>A body can be read once only; what it said is kept with the request.</remarks>
    public static async Task<ErrorBody> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var kept = answer.RequestMessage!.Options;
        if (kept.TryGetValue(Known, out var known))
            return known;
        var read = await ReadBodyAsync(answer, cancellation);
        kept.Set(Known, read);
        return read;
    }

    private static async Task<ErrorBody> ReadBodyAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBody);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            var length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, LongestBody), LongestBody, throwOnEndOfStream: false, cancellation);
            return Read(buffer.AsMemory(0, length));
        }
        catch (CraneException)
        {
            // The status says that it failed; its explanation got lost on the way.
            return None;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ErrorBody Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (Exception fault) when (JsonErrors.IsUnreadable(fault))
        {
            return None;
        }
    }

    private static ErrorBody Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return None;
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
        {
            var told = Text(root, "details") ?? Text(root, "error_description") ?? Text(root, "message") ?? Text(root, "error");
            return new ErrorBody(told is null ? null : Clean(told), []);
        }

        var all = errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).ToList();
        var messages = all.Select(MessageOf).OfType<string>().Distinct().ToList();
        return new ErrorBody(
            messages.Count == 0 ? null : Clean(string.Join("; ", messages)), all.Select(error => Text(error, "code")).OfType<string>().ToList());
    }

    private static string? MessageOf(JsonElement error) => (Text(error, "code"), Text(error, "message")) switch
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
