using System.Text;

namespace Crane.Testing.Proxies;

/// <summary>The first lines of a request to a proxy.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">A URL, or for CONNECT a host and a port.</param>
/// <param name="Headers">The lines of its headers.</param>
internal sealed record ProxyRequestHead(string Method, string Target, IReadOnlyList<string> Headers)
{
    private readonly Uri _address = new(Method == "CONNECT" ? $"https://{Target}" : Target);

    public bool IsTunnel => Method == "CONNECT";

    public string Host => _address.DnsSafeHost;

    public int Port => _address.Port;

    /// <summary>The credential for the proxy; null if none came along.</summary>
    public string? Authorization => Value("Proxy-Authorization");

    /// <summary>
    /// The same as the server is to see it: its own path, and no more than this one request, since the next on the same
    /// connection may be for another server.
    /// </summary>
    public string Forwarded
    {
        get
        {
            var kept = Headers.Where(line => !Is(line, "Connection") && !line.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase));
            return string.Join("\r\n", [$"{Method} {_address.PathAndQuery} HTTP/1.1", .. kept, "Connection: close", "", ""]);
        }
    }

    /// <summary>Reads it, and not one byte of what follows; null if the client has nothing to say.</summary>
    public static async Task<ProxyRequestHead?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsWithEmptyLine(head))
        {
            if (await stream.ReadAsync(one, cancellation) == 0)
                return null;
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return lines[0].Split(' ') is [var method, var target, _] ? new ProxyRequestHead(method, target, lines[1..]) : null;
    }

    private static bool EndsWithEmptyLine(StringBuilder head) =>
        head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n";

    private static bool Is(string line, string name) => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase);

    private string? Value(string name) => Headers.FirstOrDefault(line => Is(line, name))?[(name.Length + 1)..].Trim();
}
