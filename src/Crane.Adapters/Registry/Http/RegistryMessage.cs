using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Http;

/// <summary>For whom a request is sent. Handlers live for many of them.</summary>
internal sealed record Caller(RegistryCredentials Credentials, RequestLog Log);

/// <summary>A request on its way through the handlers, to the registry or to where it has sent us.</summary>
internal sealed class RegistryMessage : HttpRequestMessage
{
    // For less than that, the wait costs more than a body that is sent in vain.
    private const long MuchToSend = 1_000_000;

    private static readonly ProductInfoHeaderValue UserAgent = new("Crane", ProductVersion());

    public RegistryMessage(RegistryRequest request, HttpMethod method, Uri address, string title, RequestBody? body, Caller caller)
        : base(method, address)
    {
        (Request, Title, Body, Caller) = (request, title, body, caller);
        // Blobs in parallel want connections of their own: streams of one connection share its window and its losses.
        Version = HttpVersion.Version11;
        VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        Headers.UserAgent.Add(UserAgent);
        foreach (var type in request.Accept)
            Headers.TryAddWithoutValidation("Accept", type);
        Headers.Range = request.Range;
        // What is big and may not be sent twice waits until the registry wants it: one that refuses does so before it has begun.
        if (!request.IsRepeatable && body is not null && request.Size >= MuchToSend)
            Headers.ExpectContinue = true;
    }

    public RegistryRequest Request { get; }

    public string Title { get; }

    /// <summary>The body; <see cref="HttpRequestMessage.Content"/> is that of the latest try.</summary>
    public RequestBody? Body { get; }

    public Caller Caller { get; }

    /// <summary>
    /// Whether it may be sent again after a response with that status, or after none. What was refused before anything was done
    /// may be, and so may what never left.
    /// </summary>
    public bool MayBeSentAgain(HttpStatusCode? status) =>
        Request.IsRepeatable || status is HttpStatusCode.TooManyRequests || Body is not { HasBegun: true };

    public RegistryMessage To(Uri address, bool asGet, RegistryOrigin origin)
    {
        var method = asGet ? HttpMethod.Get : Method;
        return new(Request, method, address, origin.TitleOf(method, address), asGet ? null : Body, Caller);
    }

    // Without the commit that the SDK adds.
    private static string ProductVersion() => typeof(RegistryMessage).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
