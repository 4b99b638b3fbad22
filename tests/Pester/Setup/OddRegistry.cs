using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

/// <summary>A misbehaving registry: it lists invalid tags, and the list of 'endless' never ends.</summary>
public sealed class OddRegistry : IDisposable
{
    private readonly HttpListener _listener = new();
    private int _pages;

    public OddRegistry()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = free.LocalEndpoint.ToString();
        }

        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _ = Task.Run(HandleAsync);
    }

    public string Address { get; }

    /// <summary>The number of pages of 1,000 tags requested from 'endless'.</summary>
    public int Pages => Volatile.Read(ref _pages);

    public void Dispose() => _listener.Close();

    private async Task HandleAsync()
    {
        while (_listener.IsListening)
        {
            var context = await _listener.GetContextAsync();
            var response = context.Response;
            response.ContentType = "application/json";
            response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
            var body = "{}";
            switch (context.Request.Url.AbsolutePath)
            {
                case "/v2/odd/tags/list":
                    body = "{\"name\":\"odd\",\"tags\":[\"1\",\"no tag \\u001b[31m\",\"2\"]}";
                    break;
                case "/v2/fine/tags/list":
                    body = "{\"name\":\"fine\",\"tags\":[\"3\"]}";
                    break;
                case "/v2/endless/tags/list":
                    var page = Interlocked.Increment(ref _pages);
                    response.Headers["Link"] = $"</v2/endless/tags/list?last={page}>; rel=\"next\"";
                    body = $"{{\"name\":\"endless\",\"tags\":[{string.Join(',', Enumerable.Range(0, 1000).Select(tag => $"\"{page}.{tag}\""))}]}}";
                    break;
                case "/v2/":
                    break;
                default:
                    response.StatusCode = 404;
                    break;
            }

            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            response.Close();
        }
    }
}
