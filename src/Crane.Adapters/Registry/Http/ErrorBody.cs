using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Why a registry or token service refuses: <c>errors</c> of the distribution specification, or one of the formats of token services.
/// </summary>
/// <param name="Message">The message, without control characters; null where the body has none, or breaks off.</param>
/// <param name="Codes">The codes of its errors.</param>
internal sealed record ErrorBody(string? Message, IReadOnlyList<string> Codes)
{
    private const int LongestBody = 16 * 1024;
    private const int LongestMessage = 300;

    private static readonly ErrorBody None = new(null, []);

    // The codes of the specification for what is wrong with the request: a retry cannot help.
    private static readonly HashSet<string> Refusals = new(StringComparer.Ordinal)
    {
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "DENIED", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "TAG_INVALID", "UNSUPPORTED",
    };

    /// <summary>Whether it is about the request, whatever the status says.</summary>
    public bool IsRefusal => Codes.Any(Refusals.Contains);

    /// <summary>Whether a manifest was refused because a blob or manifest that it names is missing.</summary>
    public bool IsOfMissingContent => Codes.Contains("MANIFEST_BLOB_UNKNOWN");

    /// <summary>Reads the start of the body of a response, and keeps it as its content.</summary>
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
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
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
            var message = Text(root, "details") ?? Text(root, "error_description") ?? Text(root, "message") ?? Text(root, "error");
            return new ErrorBody(message is null ? null : Clean(message), []);
        }

        var all = errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).ToList();
        var messages = all.Select(MessageOf).OfType<string>().Distinct().ToList();
        return new ErrorBody(
            messages.Count == 0 ? null : Clean(string.Join("; ", messages)),
            all.Select(error => Text(error, "code")).OfType<string>().ToList());
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

    /// <summary>A body that has been read, so that its connection is free.</summary>
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
                    // The status is error enough; its explanation is lost.
                }
                return new ReadContent(bytes, length, content);
            }
        }
    }
}
