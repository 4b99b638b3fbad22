using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Crane.Adapters.Tests.Registry;

/// <summary>
/// A server in place of a registry, to the letter of a script: for what no web server would send. It keeps connections,
/// takes bodies with a length or in chunks, and says 100 Continue only where it then reads the body.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<ScriptedRequest, ScriptedResponse> _respond;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private ScriptedServer(Func<ScriptedRequest, ScriptedResponse> respond, SslServerAuthenticationOptions? tls)
    {
        (_respond, _tls) = (respond, tls);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<ScriptedRequest> Requests { get; } = new();

    /// <summary>Host and port, as image names have it.</summary>
    public string Host => $"127.0.0.1:{Port}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether bodies are read before the response; else the response is sent without reading them.</summary>
    public Func<ScriptedRequest, bool> ReadsBody { get; set; } = _ => true;

    public static ScriptedServer Start(Func<ScriptedRequest, ScriptedResponse> respond) => new(respond, null);

    /// <summary>Responds to the first request with the first of these, and so on; the last one is repeated.</summary>
    public static ScriptedServer Start(params ScriptedResponse[] responses)
    {
        var next = 0;
        return new(_ => responses[Math.Min(Interlocked.Increment(ref next), responses.Length) - 1], null);
    }

    /// <summary>One that speaks TLS.</summary>
    public static ScriptedServer StartTls(
        X509Certificate2 certificate, Func<ScriptedRequest, ScriptedResponse> respond, Action? connected = null) => new(
            respond,
            new SslServerAuthenticationOptions
            {
                ServerCertificateSelectionCallback = (_, _) =>
                {
                    connected?.Invoke();
                    return certificate;
                },
            });

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
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                // On another thread: a response may wait for a request on the next connection.
                connections.Add(Task.Run(() => ServeAsync(client)));
            }
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
                await using var stream = await OpenAsync(client);
                while (await HandleAsync(stream))
                {
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException
                or System.Security.Authentication.AuthenticationException)
            {
                // The test, or the client, is done.
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_tls is null)
            return client.GetStream();
        var secure = new SslStream(client.GetStream());
        await secure.AuthenticateAsServerAsync(_tls, _stop.Token);
        return secure;
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> HandleAsync(Stream stream)
    {
        if (await ReadHeadAsync(stream) is not { } request)
            return false;
        Requests.Enqueue(request);
        if (ReadsBody(request))
            request.Body = await ReadBodyAsync(stream, request);
        var response = _respond(request);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(response.Text), _stop.Token);
        if (response.Then == ScriptedEnd.Hang)
            await Task.Delay(Timeout.Infinite, _stop.Token);
        return response.Then == ScriptedEnd.KeepAlive;
    }

    private async Task<ScriptedRequest?> ReadHeadAsync(Stream stream)
    {
        if (await ReadLineAsync(stream) is not { Length: > 0 } first)
            return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
            headers[line.Split(':')[0]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return first.Split(' ') is [var method, var target, _] ? new ScriptedRequest(method, target, headers) : null;
    }

    private async Task<string> ReadBodyAsync(Stream stream, ScriptedRequest request)
    {
        if (request.Headers.ContainsKey("Expect"))
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        if (request.Headers.TryGetValue("Content-Length", out var length))
            return await ReadAsync(stream, int.Parse(length, System.Globalization.CultureInfo.InvariantCulture));
        if (!request.Headers.ContainsKey("Transfer-Encoding"))
            return "";

        var body = new StringBuilder();
        for (int size; (size = Convert.ToInt32(await ReadLineAsync(stream), 16)) > 0; await ReadLineAsync(stream))
            body.Append(await ReadAsync(stream, size));
        await ReadLineAsync(stream);
        return body.ToString();
    }

    private async Task<string> ReadAsync(Stream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            // The hello of TLS, which no line ends.
            if (one[0] == 0x16)
                return null;
            line.Append((char)one[0]);
        }
        return null;
    }
}
