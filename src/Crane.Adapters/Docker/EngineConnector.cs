using System.IO.Pipes;
using System.Net.Sockets;

namespace Crane.Adapters.Docker;

/// <summary>Makes the HTTP client that speaks to an endpoint: one handler of .NET's own, over whatever carries it.</summary>
internal static class EngineConnector
{
    // Where there is no host, the engine still wants the header to name one.
    private static readonly Uri LocalRoot = new("http://docker/");

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A client whose requests are relative to the engine's root. It has connected to nothing yet.</summary>
    /// <exception cref="CraneException">InvalidValue for TLS certificates that cannot be used.</exception>
    public static HttpClient Connect(EngineEndpoint endpoint)
    {
        var root = LocalRoot;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            // An engine is never behind the proxy by which the machine reaches the web.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        switch (endpoint)
        {
            case UnixEndpoint unix:
                handler.ConnectCallback = (_, cancellation) => ConnectAsync(unix, cancellation);
                break;
            case PipeEndpoint pipe:
                handler.ConnectCallback = (_, cancellation) => ConnectAsync(pipe, cancellation);
                break;
            case TcpEndpoint tcp:
                root = tcp.Root;
                if (tcp.Tls is { } tls)
                    handler.SslOptions = tls.Options();
                break;
        }
        return new HttpClient(handler) { BaseAddress = root, Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> ConnectAsync(UnixEndpoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(PipeEndpoint endpoint, CancellationToken cancellation)
    {
        var pipe = new NamedPipeClientStream(endpoint.Server, endpoint.Pipe, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(cancellation);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }
}
