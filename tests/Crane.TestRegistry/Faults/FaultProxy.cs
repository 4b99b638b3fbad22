using Crane.Testing.Distribution;
using Crane.Testing.Faults;
using Crane.Testing.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Crane.Testing;

/// <summary>
/// A proxy in front of any registry, which passes everything on as it is, except where a fault strikes. The first fault
/// that matches a request and has a turn left strikes it.
/// </summary>
/// <example><code>
/// var fault = new Fault("GET", "*/blobs/*", DownloadFault.ResetAfter(1000));
/// await using var proxy = await FaultProxy.StartAsync(registry.Address, fault);
/// </code></example>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly WebServer _server;
    private readonly Upstream _upstream;

    private FaultProxy(WebServer server, Upstream upstream) => (_server, _upstream) = (server, upstream);

    /// <summary>Scheme, host and port.</summary>
    public Uri Address => _server.Address;

    /// <summary>Host and port, as names of images begin with.</summary>
    public string Host => _server.Address.Authority;

    /// <summary>What it was asked so far; also by clients that it has sent to itself under another name.</summary>
    public RequestLog Requests => _server.Requests;

    /// <summary>Starts one; it ends when it is disposed of.</summary>
    /// <param name="registry">Scheme, host and port of the registry behind it.</param>
    /// <param name="faults">What goes wrong.</param>
    public static Task<FaultProxy> StartAsync(Uri registry, params Fault[] faults) => StartAsync(registry, new(), faults);

    /// <inheritdoc cref="StartAsync(Uri, Fault[])"/>
    public static async Task<FaultProxy> StartAsync(Uri registry, FaultProxyOptions options, params Fault[] faults)
    {
        var upstream = new Upstream(registry, options);
        var sessions = new LostSessions();
        var server = await WebServer.StartAsync(
            context => HandleAsync(context, upstream, sessions, faults), options.Port, options.Tls, Configure);
        return new FaultProxy(server, upstream);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _upstream.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel)
    {
        // So that what was written has left the process when the connection is broken.
        kestrel.Limits.MaxResponseBufferSize = 0;
        // One request at a time has a connection, so that breaking it breaks nothing else.
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
    }

    private static async Task HandleAsync(HttpContext context, Upstream upstream, LostSessions sessions, Fault[] faults)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var isLost = sessions.Has(context.Request.Path);
        var fault = isLost ? null : faults.FirstOrDefault(fault => fault.TakeTurn(context.Request.Method, target));
        var exchange = new FaultExchange(context, upstream, sessions, fault);
        try
        {
            await (isLost ? ResponseFault.LostSessionAsync(exchange) : fault?.ApplyAsync(exchange) ?? exchange.ForwardAsync());
        }
        catch (HttpRequestException failure)
        {
            // The registry has broken off, or was made to.
            if (context.Response.HasStarted)
                await exchange.ResetAsync();
            else
                await RegistryException.SendAsync(context, StatusCodes.Status502BadGateway, "UNKNOWN", failure.Message);
        }
    }
}
