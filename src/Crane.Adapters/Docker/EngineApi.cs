using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Crane.Adapters.Docker;

/// <summary>Requests to one engine: in the version agreed on, each traced, a broken connection told as what it is.</summary>
internal sealed class EngineApi : IDisposable
{
    private readonly HttpClient _client;
    private readonly Action<string>? _trace;

    private EngineApi(EngineEndpoint endpoint, HttpClient client, Action<string>? trace) =>
        (Endpoint, _client, _trace) = (endpoint, client, trace);

    /// <summary>Where the engine listens.</summary>
    public EngineEndpoint Endpoint { get; }

    /// <summary>The version of the API that both sides know.</summary>
    public ApiVersion Version { get; private set; }

    /// <summary>Connects, and agrees on a version.</summary>
    /// <exception cref="CraneException">EngineUnreachable; InvalidValue for TLS certificates that cannot be used.</exception>
    public static async Task<EngineApi> OpenAsync(EngineEndpoint endpoint, Action<string>? trace, CancellationToken cancellation)
    {
        var api = new EngineApi(endpoint, EngineConnector.Connect(endpoint), trace);
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

    /// <summary>Sends a request and reads the whole answer, whatever its status.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public async Task<EngineReply> SendAsync(HttpMethod method, string path, string? registryAuth, CancellationToken cancellation)
    {
        using var response = await RequestAsync(new(method, path) { RegistryAuth = registryAuth }, cancellation);
        return await ReadAsync(response, cancellation);
    }

    /// <summary>
    /// Sends a request whose answer is a stream of messages. An answer that is an error as a whole comes as one
    /// message that says so: to the reader both are failures of the same work.
    /// </summary>
    /// <exception cref="CraneException">EngineUnreachable, also where the stream breaks off.</exception>
    public async IAsyncEnumerable<EngineMessage> StreamAsync(
        EngineRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await RequestAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            yield return EngineMessage.Failure(await ReadAsync(response, cancellation));
            yield break;
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await LineAsync(reader, cancellation) is { } line)
            if (line.Length > 0)
                yield return Message(line);
    }

    public void Dispose() => _client.Dispose();

    private async Task<ApiVersion> AgreeAsync(CancellationToken cancellation)
    {
        using var response = await RequestAsync(new(HttpMethod.Get, "/_ping"), cancellation);
        if (response.Headers.TryGetValues("Api-Version", out var values) && ApiVersion.TryParse(values.First(), out var offered))
            return ApiVersion.Min(offered, ApiVersion.Newest);
        var reply = await ReadAsync(response, cancellation);
        throw EngineFaults.NotAnEngine(Endpoint, $"HTTP status {(int)reply.Status}, {reply.Message}");
    }

    private async Task<HttpResponseMessage> RequestAsync(EngineRequest request, CancellationToken cancellation)
    {
        // Only the ping is without a version: it is how the version becomes known.
        using var message = request.ToMessage(Version == default ? "" : $"v{Version}/");
        try
        {
            var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            _trace?.Invoke($"{request} → {(int)response.StatusCode}");
            return response;
        }
        catch (HttpRequestException fault)
        {
            _trace?.Invoke($"{request} → no answer");
            throw EngineFaults.Unreachable(Endpoint, fault);
        }
        catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
        {
            _trace?.Invoke($"{request} → no connection in time");
            throw EngineFaults.Silent(Endpoint, timeout);
        }
    }

    private async Task<EngineReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return new EngineReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw EngineFaults.Unreachable(Endpoint, fault);
        }
    }

    private async Task<string?> LineAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
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
        catch (JsonException)
        {
            throw EngineFaults.Failing(Endpoint, $"it sent a progress message that is not JSON: {line}");
        }
    }
}
