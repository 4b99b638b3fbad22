using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Machine;
using Crane.Errors;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Crane.Adapters.Engine;

/// <summary>
/// A connection to an engine that has responded: docker's client over a handler of ours
/// (https://docs.docker.com/reference/api/engine/version/v1.48).
/// </summary>
internal sealed class EngineClient : IDisposable
{
    // Later versions change nothing that is used.
    private static readonly System.Version Newest = new(1, 48);

    // For all engines that are tried, so that an error takes less than five seconds.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http;
    private readonly DockerClient _docker;

    private EngineClient(EngineEndpoint endpoint, HttpClient http, EngineHandler handler, bool isPodman)
    {
        (Endpoint, _http, IsPodman) = (endpoint, http, isPodman);
        _docker = new DockerClientBuilder<EngineHandler>(
            new HandlerFactory(endpoint.Root), handler,
            new ClientOptions { Endpoint = endpoint.Root, Timeout = Timeout.InfiniteTimeSpan }, NullLogger.Instance).Build();
    }

    public EngineEndpoint Endpoint { get; }

    /// <summary>Whether it is podman, which differs in some responses.</summary>
    public bool IsPodman { get; }

    /// <summary>Connects to the engine that a request means.</summary>
    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoints tried; those of <see cref="EngineSearch.Find"/>.
    /// </exception>
    public static async Task<EngineClient> ConnectAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation, EngineTimeouts? timeouts = null)
    {
        var endpoints = new EngineSearch(environment).Find(request.Engine, request.EngineOrigin);
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // ssh has limits of its own, and may need several round trips to a distant machine.
        if (endpoints is not [SshEndpoint])
            connecting.CancelAfter(ConnectTimeout);

        var errors = new List<CraneException>();
        foreach (var endpoint in endpoints)
        {
            try
            {
                return await OpenAsync(endpoint, request, timeouts ?? new EngineTimeouts(), connecting.Token);
            }
            // A socket that nobody listens on is skipped. An engine that denies permission is still the one that is meant.
            catch (CraneException error) when (
                error.Id == CraneErrorId.EngineUnreachable && !EngineErrors.IsPermissionDenied(error))
            {
                errors.Add(error);
            }
            catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
            {
                errors.Add(EngineErrors.Silent(endpoint, timeout));
                break;
            }
        }
        throw EngineErrors.AllFailed(errors);
    }

    /// <summary>Sends a request with docker's client.</summary>
    /// <param name="ask">Sends it.</param>
    /// <param name="refused">Handles a response with an error status or in an unknown format.</param>
    /// <param name="registryAuth">The header <c>X-Registry-Auth</c>, where the client does not send it by itself.</param>
    /// <exception cref="CraneException">EngineUnreachable, also where the response does not come in time, or breaks off.</exception>
    public async Task<T> AskAsync<T>(Func<DockerClient, Task<T>> ask, Func<EngineResponse, T> refused, string? registryAuth = null)
    {
        var call = EngineHandler.Begin(registryAuth);
        try
        {
            return await ask(_docker);
        }
        catch (DockerApiException error)
        {
            return refused(new EngineResponse(error.StatusCode, error.ResponseBody ?? ""));
        }
        catch (Exception unreadable) when (JsonErrors.IsUnreadable(unreadable))
        {
            return call.Lines is { Last: var line }
                ? throw EngineErrors.UnknownMessage(Endpoint, line)
                : refused(new EngineResponse(HttpStatusCode.OK, "the response has an unknown format."));
        }
    }

    /// <summary>Whether the engine uses containerd's image store, which keeps manifests and several platforms.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public Task<bool> KeepsManifestsAsync(CancellationToken cancellation) => AskAsync(
        async client => (await client.System.GetSystemInfoAsync(cancellation)).DriverStatus?.Any(
            status => status.Any(value => value.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal))) == true,
        refused => throw EngineErrors.Failing(Endpoint, refused.Message));

    /// <summary>Builds an image with the engine's own builder.</summary>
    /// <returns>The messages of the engine. A response with an error status is one message with an error.</returns>
    /// <exception cref="CraneException">EngineUnreachable, also where the stream breaks off.</exception>
    public async IAsyncEnumerable<JSONMessage> BuildAsync(
        string path, HttpContent? content, string? registryConfig, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path[1..]) { Content = content };
        // The engine then reports what is wrong with a request before it reads the context.
        request.Headers.ExpectContinue = content is not null;
        if (registryConfig is not null)
            request.Headers.Add("X-Registry-Config", registryConfig);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            var refused = await EngineResponse.ReadAsync(response, cancellation);
            yield return new JSONMessage { Error = new JSONError { Message = refused.Message } };
            yield break;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
            if (!string.IsNullOrWhiteSpace(line))
                yield return Message(line);
    }

    public void Dispose()
    {
        _docker.Dispose();
        _http.Dispose();
    }

    private static async Task<EngineClient> OpenAsync(
        EngineEndpoint endpoint, StoreRequest request, EngineTimeouts timeouts, CancellationToken cancellation)
    {
        var handler = new EngineHandler(endpoint, timeouts, request.Trace, request.Warn);
        var http = new HttpClient(handler) { BaseAddress = endpoint.Root, Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var response = await http.GetAsync(new Uri("_ping", UriKind.Relative), cancellation);
            if (!response.Headers.TryGetValues("Api-Version", out var values) || !System.Version.TryParse(values.First(), out var offered))
            {
                var unknown = await EngineResponse.ReadAsync(response, cancellation);
                throw EngineErrors.NotAnEngine(endpoint, $"HTTP status {(int)unknown.Status}, {unknown.Message}");
            }

            handler.Version = offered < Newest ? offered : Newest;
            return new EngineClient(endpoint, http, handler, isPodman: response.Headers.Contains("Libpod-API-Version"));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    private JSONMessage Message(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, EngineJson.Default.JSONMessage) ?? new JSONMessage();
        }
        catch (Exception unreadable) when (JsonErrors.IsUnreadable(unreadable))
        {
            throw EngineErrors.UnknownMessage(Endpoint, line);
        }
    }

    // Docker's client makes its handler by one of these.
    private sealed class HandlerFactory(Uri root) : IDockerHandlerFactory<EngineHandler>
    {
        public ResolvedTransport CreateHandler(EngineHandler transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
            new(transportOptions, root);

        public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) => throw new NotSupportedException();

        // For attaching to containers.
        public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException();
    }
}

/// <summary>A response of an engine that is not the expected one.</summary>
internal sealed record EngineResponse(HttpStatusCode Status, string Body)
{
    private const int MessageLimit = 300;

    /// <summary>Whether the body is an error in the engine's own format, not one of a server in front of it.</summary>
    public bool IsEngineError => Error is not null;

    /// <summary>The message of the error; the start of a body in an unknown format, such as a proxy's page.</summary>
    public string Message => Error ?? (Beginning is { Length: > 0 } start ? start : Status.ToString());

    private string? Error
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body)?["message"]?.ToString();
            }
            catch (Exception unreadable) when (JsonErrors.IsUnreadable(unreadable))
            {
                return null;
            }
        }
    }

    private string Beginning =>
        (Body.Length > MessageLimit ? $"{Body[..MessageLimit]}…" : Body).ReplaceLineEndings(" ").Trim();

    public static async Task<EngineResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
}
