using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Makes the messages that are sent.</summary>
internal static class RequestMessages
{
    private static readonly ProductInfoHeaderValue UserAgent = new("Crane", Version());

    /// <summary>Sets what every request has.</summary>
    public static void Prepare(HttpRequestMessage message)
    {
        // Blobs in parallel want connections of their own: streams of one connection share its window and its losses.
        message.Version = HttpVersion.Version11;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        message.Headers.UserAgent.Add(UserAgent);
    }

    /// <summary>The message of a request to a registry, or to where it sent us.</summary>
    /// <param name="request">The request.</param>
    /// <param name="method">Its method, which a redirect may have changed.</param>
    /// <param name="address">Where it goes.</param>
    /// <param name="authorization">What is shown there; null for nothing.</param>
    public static HttpRequestMessage Of(
        RegistryRequest request, HttpMethod method, Uri address, AuthenticationHeaderValue? authorization)
    {
        var message = new HttpRequestMessage(method, address);
        Prepare(message);
        foreach (var type in request.Accept)
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(type));
        message.Headers.Range = request.Range;
        message.Headers.Authorization = authorization;
        // What may not be sent twice waits until the registry wants it: one that refuses does so before it has begun.
        if (!request.IsRepeatable && request.Content is not null)
            message.Headers.ExpectContinue = true;
        return message;
    }

    // Without the commit that the SDK adds.
    private static string Version() => typeof(RequestMessages).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
