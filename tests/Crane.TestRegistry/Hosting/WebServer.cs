using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Crane.Testing.Hosting;

/// <summary>One server on 127.0.0.1, with a log of what it is asked.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebServer(WebApplication application, RequestLog log) => (_application, Requests) = (application, log);

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => new(_application.Urls.Single());

    public RequestLog Requests { get; }

    /// <summary>Starts one.</summary>
    /// <param name="handler">What responds to each request.</param>
    /// <param name="port">Where it listens; 0 lets the system choose.</param>
    /// <param name="tls">What it serves TLS with; null for plain http.</param>
    /// <param name="configure">More to set up.</param>
    public static async Task<WebServer> StartAsync(
        RequestDelegate handler, int port, ServerTls? tls, Action<KestrelServerOptions>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime>(new HostLifetime());
        // The end of a test server does not wait for transfers that a test left hanging.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            configure?.Invoke(kestrel);
            kestrel.Listen(IPAddress.Loopback, port, endpoint => Secure(endpoint, tls));
        });
        var log = new RequestLog();
        var application = builder.Build();
        application.Run(context => HandleAsync(context, log, handler));
        await application.StartAsync();
        return new WebServer(application, log);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task HandleAsync(HttpContext context, RequestLog log, RequestDelegate handler)
    {
        if (context.Request.Path == RequestLog.Path)
        {
            await Reply.SendAsync(context, StatusCodes.Status200OK, log.ToJson(), "application/json");
            return;
        }
        var logged = log.Add(context.Request);
        context.Request.Body = new CountingStream(context.Request.Body, logged.Received);
        context.Response.Body = new CountingStream(context.Response.Body, logged.Sent);
        context.Response.OnStarting(() =>
        {
            logged.Status = context.Response.StatusCode;
            return Task.CompletedTask;
        });
        await handler(context);
    }

    private static void Secure(ListenOptions endpoint, ServerTls? tls)
    {
        if (tls is null)
            return;
        endpoint.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = tls.Certificate,
            ClientCertificateMode = tls.ClientAuthority is null
                ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, _, _) => tls.ClientAuthority!.HasIssued(certificate),
        });
    }

    /// <summary>Ends with its owner; the usual one listens to Ctrl+C, which is the test runner's.</summary>
    private sealed class HostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
