using System.Net;
using System.Text;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Docker;

/// <summary>A whole answer of an engine.</summary>
internal readonly record struct EngineReply(HttpStatusCode Status, byte[] Body)
{
    private const int TextLimit = 300;

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Whether the body is an error as the engine's own handlers write it, not one of a server around them.</summary>
    public bool IsEngineError => ErrorText() is not null;

    /// <summary>What the engine says about an error.</summary>
    public string Message => ErrorText() ?? Beginning() ?? Status.ToString();

    private string? ErrorText()
    {
        try
        {
            return JsonSerializer.Deserialize(Body, DockerJson.Default.EngineError)?.Message;
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            return null;
        }
    }

    /// <summary>The beginning of a body of no known form, such as a proxy's page, on one line; null where it is empty.</summary>
    private string? Beginning()
    {
        var text = Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, TextLimit))).ReplaceLineEndings(" ").Trim();
        return text.Length == 0 ? null : Body.Length > TextLimit ? $"{text}…" : text;
    }
}
