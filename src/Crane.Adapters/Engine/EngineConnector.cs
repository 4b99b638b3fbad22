using System.IO.Pipes;
using System.Net.Sockets;

namespace Crane.Adapters.Engine;

/// <summary>Connects to an engine: .NET's own handler over a socket, a pipe, TCP or ssh.</summary>
internal static class EngineConnector
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>A handler for requests to an engine, not yet connected.</summary>
    /// <exception cref="CraneException">CertificateInvalid for TLS certificates that cannot be used.</exception>
    public static SocketsHttpHandler Handler(EngineEndpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            // An engine is never behind a proxy.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        };
        switch (endpoint)
        {
            case UnixEndpoint unix:
                handler.ConnectCallback = (_, cancellation) => SocketAsync(unix, cancellation);
                break;
            case PipeEndpoint pipe:
                handler.ConnectCallback = (_, cancellation) => PipeAsync(pipe, cancellation);
                break;
            case SshEndpoint ssh:
                handler.ConnectCallback = (_, _) => ValueTask.FromResult(SshConnection.Open(ssh));
                break;
            case TcpEndpoint { Tls: { } tls }:
                handler.SslOptions = tls.Options();
                break;
        }
        return handler;
    }

    private static async ValueTask<Stream> SocketAsync(UnixEndpoint endpoint, CancellationToken cancellation)
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

    private static async ValueTask<Stream> PipeAsync(PipeEndpoint endpoint, CancellationToken cancellation)
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
