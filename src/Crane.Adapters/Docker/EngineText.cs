using System.Text;

namespace Crane.Adapters.Docker;

/// <summary>Text of an answer that has no form that is known: a proxy's page, an old engine's sentence.</summary>
internal static class EngineText
{
    private const int Limit = 300;

    /// <summary>The beginning of a body, on one line; null where it is empty.</summary>
    public static string? Bounded(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Limit))).ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? null : body.Length > Limit ? $"{text}…" : text;
    }
}
