using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Crane.Testing.Faults;

/// <summary>The registry behind a proxy. It gets the client's requests as if they came to it directly.</summary>
internal sealed class Upstream : IDisposable
{
    /// <summary>Headers that are about one connection, not about what is said over it.</summary>
    private static readonly HashSet<string> HopHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Content-Length",
    };

    private readonly Uri _address;
    private readonly HttpClient _client;

    public Upstream(Uri address, FaultProxyOptions options)
    {
        _address = address;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (options.UpstreamAuthority is { } authority)
        {
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, _, _) => authority.HasIssued((X509Certificate2)certificate!);
        }
        if (options.UpstreamCertificate is { } own)
            handler.SslOptions.ClientCertificates = [own];
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public async Task<HttpResponseMessage> SendAsync(FaultExchange exchange, Action<HttpRequestMessage>? change, Stream? body)
    {
        var incoming = exchange.Context.Request;
        using var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(_address, exchange.Target));
        if (exchange.Context.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
        {
            request.Content = new StreamContent(body ?? incoming.Body);
            request.Content.Headers.ContentLength = incoming.ContentLength;
        }
        foreach (var (name, value) in incoming.Headers.Where(header => !HopHeaders.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        }
        // With these and the Host, docker's registry returns locations at the proxy.
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", incoming.Scheme);
        change?.Invoke(request);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, exchange.Aborted);
    }

    /// <summary>Status and headers of a response.</summary>
    public static void CopyHead(HttpResponseMessage from, HttpResponse to)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            if (!HopHeaders.Contains(name))
                to.Headers[name] = values.ToArray();
        }
        to.ContentLength = from.Content.Headers.ContentLength;
    }

    public void Dispose() => _client.Dispose();
}
