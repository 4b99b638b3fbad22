using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Crane.Adapters.Tests.Engine;

/// <summary>
/// A server in place of an engine: for engines that are old, foreign or broken. Each request gets the raw response that
/// the test gives for it; null leaves it without a response.
/// </summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    public const string Pong = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK";

    private readonly Socket _listener;
    private readonly Func<string, string?> _respond;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private FakeEngine(Socket listener, Func<string, string?> respond)
    {
        _listener = listener;
        _listener.Listen();
        _respond = respond;
        _serving = ServeAsync();
    }

    /// <summary>The first line and headers of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Whether a connection stays open after its response, of which more may come.</summary>
    public bool KeepsOpen { get; set; }

    /// <summary>Where it listens on TCP.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public static FakeEngine OnSocket(string path, Func<string, string?> respond)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        return new FakeEngine(listener, respond);
    }

    public static FakeEngine OnTcp(Func<string, string?> respond)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new FakeEngine(listener, respond);
    }

    /// <summary>A response with a body.</summary>
    public static string Reply(int status, string body, string contentType = "application/json") =>
        $"HTTP/1.1 {status} Status\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
        + $"Connection: close\r\n\r\n{body}";

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
                connections.Add(HandleAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task HandleAsync(Socket connection)
    {
        using (connection)
        {
            try
            {
                var buffer = new byte[65536];
                var length = await connection.ReceiveAsync(buffer, _stop.Token);
                var request = Encoding.UTF8.GetString(buffer, 0, length);
                Requests.Enqueue(request);
                var response = _respond(request[..request.IndexOf(" HTTP", StringComparison.Ordinal)]);
                if (response is not null)
                    await connection.SendAsync(Encoding.UTF8.GetBytes(response), _stop.Token);
                if (response is null || KeepsOpen)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // The test, or the client, is done.
            }
        }
    }
}
