using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crane;

/// <summary>
/// A list of texts that survives where only one text fits: a column of CSV, or JSON beyond its depth. There it is
/// written as a JSON array, which is read back without loss.
/// </summary>
internal sealed class TextList(IList<string> items) : ValueList<string>(items)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static new IReadOnlyList<string> Of(IReadOnlyList<string> items) => items as TextList ?? new TextList([.. items]);

    /// <summary>The list, or null where it is null or empty: what sections of a container hold, to stay flat.</summary>
    public static IReadOnlyList<string>? OfAny(IReadOnlyList<string>? items) => items is { Count: > 0 } ? Of(items) : null;

    /// <summary>Reads what <see cref="ToString"/> wrote; any other text stands for itself.</summary>
    public static IReadOnlyList<string> Read(string text)
    {
        if (!text.StartsWith('['))
            return [text];
        try
        {
            return JsonSerializer.Deserialize<string[]>(text) ?? [];
        }
        catch (JsonException)
        {
            return [text];
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, Readable);
}
