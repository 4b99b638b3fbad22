using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Crane.Testing.Access;
using Crane.Testing.Proxies;

namespace Crane.Testing;

/// <summary>
/// What <c>HTTP_PROXY</c> and <c>HTTPS_PROXY</c> name: passes requests for http on, and tunnels those for https. A
/// connection carries one request or one tunnel.
/// </summary>
/// <example><code>await using var proxy = ForwardProxy.Start();</code></example>
public sealed class ForwardProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly TestUser? _user;
    private readonly Task _serving;

    private ForwardProxy(TestUser? user)
    {
        _user = user;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Scheme, host and port, as the variables have it.</summary>
    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>What it was asked so far.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>Starts one; it ends when it is disposed of.</summary>
    /// <param name="user">Whose credential it wants; null lets everybody through.</param>
    public static ForwardProxy Start(TestUser? user = null) => new(user);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                if (await ProxyRequestHead.ReadAsync(stream, _stop.Token) is { } head)
                    await HandleAsync(stream, head);
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // The client or the server has hung up, or the test is over.
            }
        }
    }

    private async Task HandleAsync(NetworkStream client, ProxyRequestHead head)
    {
        var isAllowed = _user is null || BasicCredential.Find([_user], BasicCredential.Parse(head.Authorization)) is not null;
        _requests.Enqueue(new ProxiedRequest(head.Method, head.Target, isAllowed));
        if (!isAllowed)
        {
            await RefuseAsync(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test proxy\"");
            return;
        }
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(head.Host, head.Port, _stop.Token);
        }
        catch (SocketException)
        {
            await RefuseAsync(client, "502 Bad Gateway");
            return;
        }
        if (head.IsTunnel)
            await SendAsync(client, "200 Connection established");
        else
            await server.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head.Forwarded), _stop.Token);
        await PumpAsync(client, server.GetStream());
    }

    private async Task PumpAsync(NetworkStream client, NetworkStream server)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task[] pumps = [client.CopyToAsync(server, over.Token), server.CopyToAsync(client, over.Token)];
        await Task.WhenAny(pumps); // No client of HTTP ends its half before it has its response.
        await over.CancelAsync();
        await Task.WhenAll(pumps);
    }

    /// <summary>Refuses, and takes what the client still sends: else the refusal could be lost in a reset.</summary>
    private async Task RefuseAsync(NetworkStream client, string refusal)
    {
        await SendAsync(client, $"{refusal}\r\nContent-Length: 0\r\nConnection: close");
        client.Socket.Shutdown(SocketShutdown.Send);
        await client.CopyToAsync(Stream.Null, _stop.Token);
    }

    private Task SendAsync(NetworkStream client, string response) =>
        client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {response}\r\n\r\n"), _stop.Token).AsTask();
}
