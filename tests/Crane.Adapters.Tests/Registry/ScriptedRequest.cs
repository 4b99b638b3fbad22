namespace Crane.Adapters.Tests.Registry;

/// <summary>A request as a scripted server got it.</summary>
internal sealed record ScriptedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body; empty as long as the server has not read it.</summary>
    public string Body { get; set; } = "";

    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public override string ToString() => $"{Method} {Target}";
}
