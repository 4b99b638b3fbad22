using System.Runtime.CompilerServices;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Docker;

/// <summary>
/// Requests to one engine: in the version agreed on, each traced, a broken connection told as what it is. What is waited for
/// has an end, and the user is told of it before.
/// </summary>
internal sealed class EngineApi : IDisposable
{
    // Far more than any engine has to say at once; the lists of thousands of images have a tenth.
    private const int LongestReply = EngineLines.Limit;

    private readonly HttpClient _client;
    private readonly StoreRequest _request;
    private readonly EngineTimeouts _timeouts;
    private volatile CraneException? _hangs;

    private EngineApi(EngineEndpoint endpoint, HttpClient client, StoreRequest request, EngineTimeouts timeouts) =>
        (Endpoint, _client, _request, _timeouts) = (endpoint, client, request, timeouts);

    /// <summary>Where the engine listens.</summary>
    public EngineEndpoint Endpoint { get; }

    /// <summary>The version of the API that both sides know.</summary>
    public ApiVersion Version { get; private set; }

    /// <summary>Whether it is podman, which speaks this API with a few words of its own.</summary>
    public bool IsPodman { get; private set; }

    /// <summary>Connects, and agrees on a version.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="request">Takes the trace and the warnings.</param>
    /// <param name="timeouts">How long it is waited for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">EngineUnreachable; InvalidValue for TLS certificates that cannot be used.</exception>
    public static async Task<EngineApi> OpenAsync(
        EngineEndpoint endpoint, StoreRequest request, EngineTimeouts timeouts, CancellationToken cancellation)
    {
        var api = new EngineApi(endpoint, EngineConnector.Connect(endpoint), request, timeouts);
        try
        {
            api.Version = await api.AgreeAsync(cancellation);
            return api;
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request that takes the engine no time, and reads the whole answer, whatever its status.</summary>
    /// <exception cref="CraneException">EngineUnreachable, also where it does not come in time.</exception>
    public async Task<EngineReply> SendAsync(HttpMethod method, string path, string? registryAuth, CancellationToken cancellation)
    {
        // An engine that hangs is not waited for again with each image of a run.
        if (_hangs is { } known)
            throw known;
        var request = new EngineRequest(method, path) { RegistryAuth = registryAuth };
        try
        {
            return await WaitAsync(
                request,
                _timeouts.Answer,
                async token =>
                {
                    using var response = await RequestAsync(request, token);
                    return await ReadAsync(response, token);
                },
                cancellation);
        }
        // Where it asks a registry, that may be what hangs.
        catch (CraneException late) when (EngineFaults.IsLate(late) && registryAuth is null)
        {
            _hangs = late;
            throw;
        }
    }

    /// <summary>
    /// Sends a request whose answer is a stream of messages. An answer that is an error as a whole comes as one
    /// message that says so: to the reader both are failures of the same work.
    /// </summary>
    /// <exception cref="CraneException">EngineUnreachable, also where the stream breaks off or stops.</exception>
    public async IAsyncEnumerable<EngineMessage> StreamAsync(
        EngineRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var limit = request.MayBeSilent ? Timeout.InfiniteTimeSpan : _timeouts.Silence;
        using var response = await WaitAsync(request, limit, token => RequestAsync(request, token), cancellation);
        if (!response.IsSuccessStatusCode)
        {
            yield return EngineMessage.Failure(await WaitAsync(request, _timeouts.Answer, token => ReadAsync(response, token), cancellation));
            yield break;
        }

        using var lines = new EngineLines(await response.Content.ReadAsStreamAsync(cancellation));
        while (await WaitAsync(request, limit, token => LineAsync(lines, token), cancellation) is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                yield return Message(line);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ApiVersion> AgreeAsync(CancellationToken cancellation)
    {
        using var response = await RequestAsync(new(HttpMethod.Get, "/_ping"), cancellation);
        IsPodman = response.Headers.Contains("Libpod-API-Version");
        if (response.Headers.TryGetValues("Api-Version", out var values) && ApiVersion.TryParse(values.First(), out var offered))
            return ApiVersion.Min(offered, ApiVersion.Newest);
        var reply = await ReadAsync(response, cancellation);
        throw EngineFaults.NotAnEngine(Endpoint, $"HTTP status {(int)reply.Status}, {reply.Message}");
    }

    /// <summary>Waits for one thing, not for ever, and tells the user where it takes long.</summary>
    private async Task<T> WaitAsync<T>(
        EngineRequest request, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        if (limit == Timeout.InfiniteTimeSpan)
            return await work(cancellation);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(limit);
        var quiet = EngineTimeouts.NoticeBefore(limit);
        await using var notice = new Timer(
            _ => _request.Warn?.Invoke(
                $"Waiting for the container engine at {Endpoint.Address}: it has said nothing for {quiet.TotalSeconds:0.#} s about {request},"
                + $" and is given up after {limit.TotalSeconds:0.#} s."),
            null, quiet, Timeout.InfiniteTimeSpan);
        try
        {
            return await work(waiting.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            _request.Trace?.Invoke($"{request} → nothing in time");
            throw EngineFaults.Late(Endpoint, request, limit, late);
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(EngineRequest request, CancellationToken cancellation)
    {
        // Only the ping is without a version: it is how the version becomes known.
        using var message = request.ToMessage(Version == default ? "" : $"v{Version}/");
        try
        {
            var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            _request.Trace?.Invoke($"{request} → {(int)response.StatusCode}");
            return response;
        }
        catch (HttpRequestException fault)
        {
            _request.Trace?.Invoke($"{request} → no answer");
            throw EngineFaults.Unreachable(Endpoint, fault);
        }
        catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
        {
            _request.Trace?.Invoke($"{request} → no connection in time");
            throw EngineFaults.Silent(Endpoint, timeout);
        }
    }

    private async Task<EngineReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestReply).WaitAsync(cancellation);
            return new EngineReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw EngineFaults.Failing(Endpoint, $"it sent an answer of more than {LongestReply / (1024 * 1024)} MB.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw EngineFaults.Unreachable(Endpoint, fault);
        }
    }

    private async Task<string?> LineAsync(EngineLines lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadAsync(cancellation);
        }
        catch (InvalidDataException fault)
        {
            throw EngineFaults.Failing(Endpoint, $"it sent {fault.Message}.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw EngineFaults.Unreachable(Endpoint, fault);
        }
    }

    private EngineMessage Message(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DockerJson.Default.EngineMessage) ?? new EngineMessage();
        }
        catch (Exception fault) when (JsonFaults.IsUnreadable(fault))
        {
            throw EngineFaults.Failing(Endpoint, $"it sent a progress message in a form that is not known: {line}");
        }
    }
}
