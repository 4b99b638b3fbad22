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
    // What came later changes nothing that is used.
    private static readonly System.Version Newest = new(1, 48);

    // For all engines that are tried: one that is not there is told within five seconds.
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

    /// <summary>Whether it is podman, which differs in some answers.</summary>
    public bool IsPodman { get; }

    /// <summary>The engine that a request means, after it has answered.</summary>
    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoints tried; those of <see cref="EngineSearch.Find"/>.
    /// </exception>
    public static async Task<EngineClient> ConnectAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation, EngineTimeouts? timeouts = null)
    {
        var endpoints = new EngineSearch(environment).Find(request.Engine);
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        connecting.CancelAfter(ConnectTimeout);

        var errors = new List<CraneException>();
        foreach (var endpoint in endpoints)
        {
            try
            {
                return await OpenAsync(endpoint, request, timeouts ?? new EngineTimeouts(), connecting.Token);
            }
            // A socket that nobody listens on is passed over; an engine that is not for this user is still the one that is meant.
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

    /// <summary>Lets docker's client send a request. A response with an error status, or in an unknown form, is refused.</summary>
    /// <param name="ask">Sends it.</param>
    /// <param name="refused">What a response without a result means.</param>
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

    /// <summary>Whether images are in containerd's store, which keeps their manifests and those of several platforms.</summary>
    /// <exception cref="CraneException">EngineUnreachable.</exception>
    public Task<bool> KeepsManifestsAsync(CancellationToken cancellation) => AskAsync(
        async client => (await client.System.GetSystemInfoAsync(cancellation)).DriverStatus?.Any(
            status => status.Any(text => text.StartsWith("io.containerd.snapshotter", StringComparison.Ordinal))) == true,
        refused => throw EngineErrors.Failing(Endpoint, refused.Message));

    /// <summary>Builds an image with the engine's own builder.</summary>
    /// <param name="path">The request's path and query.</param>
    /// <param name="content">The context; null where the engine fetches it.</param>
    /// <param name="registryConfig">The header <c>X-Registry-Config</c>; null goes without.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <returns>What the engine says. A response that is an error as a whole is one message: to the reader both are failed builds.</returns>
    /// <exception cref="CraneException">EngineUnreachable, also where the stream breaks off.</exception>
    public async IAsyncEnumerable<JSONMessage> BuildAsync(
        string path, HttpContent? content, string? registryConfig, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path[1..]) { Content = content };
        // The engine then says what is wrong with a request before, and in place of, reading all that is sent.
        request.Headers.ExpectContinue = content is not null;
        if (registryConfig is not null)
            request.Headers.Add("X-Registry-Config", registryConfig);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            yield return new JSONMessage { Error = new JSONError { Message = (await EngineResponse.ReadAsync(response, cancellation)).Message } };
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
                var told = await EngineResponse.ReadAsync(response, cancellation);
                throw EngineErrors.NotAnEngine(endpoint, $"HTTP status {(int)told.Status}, {told.Message}");
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

/// <summary>A response of an engine, other than the one that was asked for.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Body">Its body.</param>
internal sealed record EngineResponse(HttpStatusCode Status, string Body)
{
    private const int TextLimit = 300;

    /// <summary>Whether the body is an error as the engine's own handlers write it, not one of a server around them.</summary>
    public bool IsEngineError => Error is not null;

    /// <summary>What the engine says about an error; of a body of no known form, such as a proxy's page, its beginning on one line.</summary>
    public string Message => Error ?? (Beginning is { Length: > 0 } text ? text : Status.ToString());

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
        (Body.Length > TextLimit ? $"{Body[..TextLimit]}…" : Body).ReplaceLineEndings(" ").Trim();

    public static async Task<EngineResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
}
