using System.Text;

namespace Crane.Adapters.Tests.Registry;

/// <summary>What a scripted server does with a request.</summary>
/// <param name="Text">What it writes, to the letter.</param>
/// <param name="Then">What it does after that.</param>
internal sealed record ScriptedAnswer(string Text, ScriptedEnd Then = ScriptedEnd.KeepAlive)
{
    /// <summary>Takes the request and says nothing.</summary>
    public static ScriptedAnswer Silence { get; } = new("", ScriptedEnd.Hang);

    /// <summary>Cuts the connection.</summary>
    public static ScriptedAnswer Cut { get; } = new("", ScriptedEnd.Close);

    public static ScriptedAnswer Ok(string body = "") => Status(200, body);

    /// <summary>A whole answer. Headers are lines, without the last line break.</summary>
    public static ScriptedAnswer Status(int status, string body = "", params string[] headers) =>
        new($"HTTP/1.1 {status} Status\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static ScriptedAnswer Redirect(string location, int status = 307) => Status(status, "", $"Location: {location}");

    /// <summary>A refusal that says what is wanted.</summary>
    public static ScriptedAnswer Unauthorized(params string[] challenges) =>
        Status(401, "", challenges.Select(challenge => $"WWW-Authenticate: {challenge}").ToArray());
}

/// <summary>What a scripted server does after an answer.</summary>
internal enum ScriptedEnd
{
    KeepAlive,
    Hang,
    Close,
}
