using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Http;

/// <summary>The cmdlet that a request is sent for. Handlers serve many.</summary>
internal sealed record Caller(RegistryCredentials Credentials, RequestLog Log);

/// <summary>A request on its way through the handlers, to the registry or to the target of a redirect.</summary>
internal sealed class RegistryMessage : HttpRequestMessage
{
    // For less, waiting costs more than sending a body in vain.
    private const long ExpectContinueSize = 1_000_000;

    private static readonly ProductInfoHeaderValue UserAgent = new("Crane", ProductVersion());

    public RegistryMessage(RegistryRequest request, HttpMethod method, Uri address, string title, RequestBody? body, Caller caller)
        : base(method, address)
    {
        (Request, Title, Body, Caller) = (request, title, body, caller);
        // Parallel blobs need connections of their own: HTTP/2 streams share the window and the losses of one.
        Version = HttpVersion.Version11;
        VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Headers.UserAgent.Add(UserAgent);
        foreach (var type in request.Accept)
            Headers.TryAddWithoutValidation("Accept", type);
        Headers.Range = request.Range;
        // A big body that may not be sent twice waits for 100 Continue: a registry that refuses does so before it is sent.
        if (!request.IsRepeatable && body is not null && request.Size >= ExpectContinueSize)
            Headers.ExpectContinue = true;
    }

    public RegistryRequest Request { get; }

    public string Title { get; }

    /// <summary>The body; <see cref="HttpRequestMessage.Content"/> is that of the latest try.</summary>
    public RequestBody? Body { get; }

    public Caller Caller { get; }

    /// <summary>
    /// Whether it may be sent again after a response with that status, or after none: also what was refused before anything was done,
    /// and what was never sent.
    /// </summary>
    public bool MayBeSentAgain(HttpStatusCode? status) =>
        Request.IsRepeatable || status is HttpStatusCode.TooManyRequests || Body is not { HasBegun: true };

    public RegistryMessage To(Uri address, bool asGet, RegistryOrigin origin)
    {
        var method = asGet ? HttpMethod.Get : Method;
        return new(Request, method, address, origin.TitleOf(method, address), asGet ? null : Body, Caller);
    }

    // Without the commit, which the SDK adds.
    private static string ProductVersion() => typeof(RegistryMessage).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
