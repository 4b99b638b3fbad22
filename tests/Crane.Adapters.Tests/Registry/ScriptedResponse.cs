using System.Text;

namespace Crane.Adapters.Tests.Registry;

/// <summary>What a scripted server does with a request.</summary>
/// <param name="Text">What it writes, to the letter.</param>
/// <param name="Then">What it does after that.</param>
internal sealed record ScriptedResponse(string Text, ScriptedEnd Then = ScriptedEnd.KeepAlive)
{
    /// <summary>Takes the request and says nothing.</summary>
    public static ScriptedResponse Silence { get; } = new("", ScriptedEnd.Hang);

    /// <summary>Cuts the connection.</summary>
    public static ScriptedResponse Cut { get; } = new("", ScriptedEnd.Close);

    public static ScriptedResponse Ok(string body = "") => Status(200, body);

    /// <summary>A whole response. Headers are lines, without the last line break.</summary>
    public static ScriptedResponse Status(int status, string body = "", params string[] headers) =>
        new($"HTTP/1.1 {status} Status\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static ScriptedResponse Redirect(string location, int status = 307) => Status(status, "", $"Location: {location}");

    /// <summary>A refusal that says what is wanted.</summary>
    public static ScriptedResponse Unauthorized(params string[] challenges) =>
        Status(401, "", challenges.Select(challenge => $"WWW-Authenticate: {challenge}").ToArray());
}

/// <summary>What a scripted server does after a response.</summary>
internal enum ScriptedEnd
{
    KeepAlive,
    Hang,
    Close,
}
