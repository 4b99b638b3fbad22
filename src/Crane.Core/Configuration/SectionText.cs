using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Crane;

/// <summary>
/// A section as a JSON object in one line, which is read back without loss. A section that went through CSV, or through
/// JSON beyond its depth, is written in this form.
/// </summary>
internal static class SectionText
{
    private static readonly JsonSerializerOptions Written = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T section) => JsonSerializer.Serialize(section, Written);
}
