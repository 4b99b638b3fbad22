using System.Net;
using Crane.Adapters.Registry;
using Crane.Adapters.Registry.Http;
using Crane.Adapters.Resilience;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>Responds to requests to <c>r.io</c> one after the other from a script, which says what each request must be.</summary>
internal sealed class ScriptedHttp : IRegistryHttp
{
    private readonly Queue<(string Request, Func<Task<HttpResponseMessage>> RespondAsync)> _script = [];

    /// <summary>The bodies that were sent, in the order of the requests that had one.</summary>
    public List<byte[]> Bodies { get; } = [];

    /// <summary>What the chunks among them said that they are.</summary>
    public List<string> Ranges { get; } = [];

    public List<RegistryRequest> Requests { get; } = [];

    public bool IsMirrored { get; init; }

    public int RequestCount => Requests.Count;

    /// <summary>A store on top of it; pauses are over at once.</summary>
    public RegistryStore Store => new(this, new TransientRetry(new InstantTime()));

    public bool HasMirrors(string registry) => IsMirrored;

    /// <summary>Adds the response to a request, which is given as its method and path without <c>/v2/</c>.</summary>
    public ScriptedHttp On(string request, int status, byte[]? body = null, params (string Name, string Value)[] headers) =>
        On(request, () => Task.FromResult(Response(status, body, headers)));

    /// <summary>Adds a response 202 that a test completes, and may hold back.</summary>
    public ScriptedHttp On(string request, Func<HttpResponseMessage, Task> completeAsync) => On(request, async () =>
    {
        var response = Response(202, null, []);
        await completeAsync(response);
        return response;
    });

    /// <summary>Adds an error in mid-flight, as the transport throws it.</summary>
    public ScriptedHttp OnBreak(string request)
    {
        var error = new CraneException(CraneErrorId.RegistryUnreachable, "The registry broke off.") { IsTransient = true };
        return On(request, () => throw error);
    }

    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellation)
    {
        Requests.Add(request);
        var address = new Uri(new Uri("https://r.io/"), request.Path);
        var shown = $"{request.Method} {(address.Host == "r.io" ? address.PathAndQuery.Replace("/v2/", "", StringComparison.Ordinal) : address.AbsoluteUri)}";
        Assert.True(_script.TryDequeue(out var next), $"nothing is scripted for {shown}");
        Assert.Equal(next.Request, shown);
        if (request.Content is { } make)
        {
            using var content = make();
            using var body = new MemoryStream();
            await content.CopyToAsync(body, cancellation);
            Bodies.Add(body.ToArray());
            if (content.Headers.TryGetValues("Content-Range", out var ranges))
                Ranges.AddRange(ranges);
        }

        var response = await next.RespondAsync();
        response.RequestMessage = new HttpRequestMessage(request.Method, address);
        return response;
    }

    public void AssertDone() => Assert.Empty(_script);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ScriptedHttp On(string request, Func<Task<HttpResponseMessage>> respondAsync)
    {
        _script.Enqueue((request, respondAsync));
        return this;
    }

    private static HttpResponseMessage Response(int status, byte[]? body, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body ?? []) };
        foreach (var (name, value) in headers)
            if (!response.Headers.TryAddWithoutValidation(name, value))
                response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
