using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Crane.Adapters.Tests.Building.Inputs;

/// <summary>A server that returns the current ETag to every request, or none while that is empty.</summary>
internal sealed class TagServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string> _tag;
    private readonly Task _serving;

    private TagServer(Func<string> tag)
    {
        _tag = tag;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public static TagServer Start(Func<string> tag) => new(tag);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                    // The request's headers do not matter.
                }

                var tag = _tag().Length > 0 ? $"ETag: {_tag()}\r\n" : "";
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{tag}Content-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
        {
            // It was stopped.
        }
    }
}
