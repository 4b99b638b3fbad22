using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

/// <summary>Simulates a distant server: all bytes arrive half a round trip later, in both directions. Bandwidth is not limited.</summary>
public sealed class DelayProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _host;
    private readonly int _port;
    private readonly TimeSpan _oneWay;

    /// <summary>Starts to listen.</summary>
    /// <param name="server">The host and port of the server.</param>
    /// <param name="roundTrip">The time from a request's first byte to the response's, in addition to the server's own.</param>
    public DelayProxy(string server, TimeSpan roundTrip)
    {
        var colon = server.LastIndexOf(':');
        (_host, _port, _oneWay) = (server[..colon], int.Parse(server[(colon + 1)..]), roundTrip / 2);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The address of the proxy.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(_host, _port);
        near.NoDelay = far.NoDelay = true;
        await Task.WhenAny(CarryAsync(near.GetStream(), far.GetStream()), CarryAsync(far.GetStream(), near.GetStream()));
    }

    // Reading continues while earlier bytes are delayed.
    private async Task CarryAsync(NetworkStream from, NetworkStream to)
    {
        var underWay = Channel.CreateBounded<(long Due, byte[] Bytes)>(1024);
        var arrival = ArriveAsync(underWay.Reader, to);
        try
        {
            var buffer = new byte[1 << 16];
            for (int count; (count = await from.ReadAsync(buffer)) > 0;)
                await underWay.Writer.WriteAsync((Environment.TickCount64 + (long)_oneWay.TotalMilliseconds, buffer.AsSpan(0, count).ToArray()));
        }
        catch (Exception ended) when (ended is System.IO.IOException or ObjectDisposedException)
        {
            // One side has closed the connection, which closes the other, too.
        }

        underWay.Writer.Complete();
        await arrival;
    }

    private static async Task ArriveAsync(ChannelReader<(long Due, byte[] Bytes)> underWay, NetworkStream to)
    {
        try
        {
            await foreach (var (due, bytes) in underWay.ReadAllAsync())
            {
                if (due - Environment.TickCount64 is > 0 and var wait)
                    await Task.Delay((int)wait);
                await to.WriteAsync(bytes);
            }
        }
        catch (Exception ended) when (ended is System.IO.IOException or ObjectDisposedException)
        {
            // As above.
        }
    }
}
