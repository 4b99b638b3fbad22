using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Registry.Http;

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

    // What is wrong with the request, after the specification, so that the same request has the same response tomorrow.
    private static readonly HashSet<string> Refusals = new(StringComparer.Ordinal)
    {
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "DENIED", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "TAG_INVALID", "UNSUPPORTED",
    };

    /// <summary>Whether it is about the request, whatever the status says.</summary>
    public bool IsRefusal => Codes.Any(Refusals.Contains);

    /// <summary>Reads the body of a response. No more of it is read than a message may be long; that stays in its place.</summary>
    public static async Task<ErrorBody> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content is not ReadContent)
            response.Content = await ReadContent.OfAsync(response.Content, cancellation);
        return ((ReadContent)response.Content).Error;
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

    /// <summary>A body that has been read, and so gives its connection back.</summary>
    private sealed class ReadContent : ByteArrayContent
    {
        private ReadContent(byte[] bytes, int length, HttpContent inner)
            : base(bytes, 0, length)
        {
            Error = Read(bytes.AsMemory(0, length));
            foreach (var (name, values) in inner.Headers.NonValidated)
                Headers.TryAddWithoutValidation(name, values);
        }

        public ErrorBody Error { get; }

        public static async Task<ReadContent> OfAsync(HttpContent content, CancellationToken cancellation)
        {
            using (content)
            {
                var bytes = new byte[LongestBody];
                var length = 0;
                try
                {
                    await using var body = await content.ReadAsStreamAsync(cancellation);
                    length = await body.ReadAtLeastAsync(bytes, LongestBody, throwOnEndOfStream: false, cancellation);
                }
                catch (CraneException)
                {
                    // The status says that it failed; its explanation got lost on the way.
                }
                return new ReadContent(bytes, length, content);
            }
        }
    }
}
