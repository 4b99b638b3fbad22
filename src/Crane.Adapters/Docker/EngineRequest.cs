namespace Crane.Adapters.Docker;

/// <summary>A request to an engine.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">From the API's version on, with its query.</param>
internal sealed record EngineRequest(HttpMethod Method, string Path)
{
    /// <summary>The header <c>X-Registry-Auth</c>; null goes without.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>The header <c>X-Registry-Config</c>; null goes without.</summary>
    public string? RegistryConfig { get; init; }

    /// <summary>What is sent; null for nothing.</summary>
    public HttpContent? Content { get; init; }

    /// <summary>Whether the query may hold what a user keeps secret: build arguments, an address with a password.</summary>
    public bool IsConfidential { get; init; }

    /// <summary>Whether nothing may come for as long as it likes: a step of a build.</summary>
    public bool MayBeSilent { get; init; }

    /// <param name="root">What stands before the path.</param>
    public HttpRequestMessage ToMessage(string root)
    {
        var message = new HttpRequestMessage(Method, root + Path[1..]) { Content = Content };
        // The engine then says what is wrong with a request before, and in place of, reading all that is sent.
        message.Headers.ExpectContinue = Content is not null;
        if (RegistryAuth is not null)
            message.Headers.Add("X-Registry-Auth", RegistryAuth);
        if (RegistryConfig is not null)
            message.Headers.Add("X-Registry-Config", RegistryConfig);
        return message;
    }

    /// <summary>The request as a trace shows it.</summary>
    public override string ToString() => $"{Method} {(IsConfidential ? $"{Path.Split('?')[0]}?…" : Path)}";
}
