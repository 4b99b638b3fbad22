namespace Crane.Adapters.Engine;

/// <summary>
/// Sends the requests of docker's client to an engine: adds what the client has no parameter for, traces each request, and limits how
/// long an engine may be silent.
/// </summary>
internal sealed class EngineHandler(EngineEndpoint endpoint, EngineTimeouts timeouts, Action<string>? trace, Action<string>? warn)
    : DelegatingHandler(EngineConnector.Handler(endpoint))
{
    private static readonly Version WithManifests = new(1, 48);

    // The client passes nothing but the request to its handler.
    private static readonly AsyncLocal<EngineCall?> Current = new();

    private CraneException? _hangs;

    /// <summary>The version of the engine's API; null before the ping.</summary>
    public Version? Version { get; set; }

    /// <summary>Begins a call, which the next requests of the calling method belong to.</summary>
    public static EngineCall Begin(string? registryAuth) => Current.Value = new EngineCall { RegistryAuth = registryAuth };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = new Exchange(request.Method, request.RequestUri!.PathAndQuery[(endpoint.Root.AbsolutePath.Length - 1)..]);
        // An engine that hangs is not waited for again.
        if (!exchange.IsStream && _hangs is { } known)
            throw known;
        if (Version is not null)
            request.RequestUri = new Uri(
                endpoint.Root, $"v{Version}{exchange.Path}{(exchange.IsInspection && Version >= WithManifests ? "?manifests=1" : "")}");
        if (Current.Value?.RegistryAuth is { } auth)
            request.Headers.Add("X-Registry-Auth", auth);

        var limit = exchange.IsBuild ? Timeout.InfiniteTimeSpan : exchange.IsStream ? timeouts.Silence : timeouts.Response;
        var response = await WaitAsync(exchange, limit, token => RequestAsync(exchange, request, token), cancellationToken);
        try
        {
            // To the client a redirect is a success. No engine redirects.
            if ((int)response.StatusCode is >= 300 and < 400)
                throw EngineErrors.NotAnEngine(endpoint, $"HTTP status {(int)response.StatusCode}, {response.StatusCode}");
            if (exchange.IsStream && response.IsSuccessStatusCode)
            {
                var lines = new EngineLines(
                    await response.Content.ReadAsStreamAsync(cancellationToken),
                    (next, token) => WaitAsync(exchange, limit, limited => ReadAsync(() => next(limited)), token));
                response.Content = new StreamContent(lines);
                if (Current.Value is { } call)
                    call.Lines = lines;
            }
            else
            {
                await WaitAsync(exchange, timeouts.Response, token => BufferAsync(exchange, response, token), cancellationToken);
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(Exchange exchange, HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            var response = await base.SendAsync(request, cancellation);
            trace?.Invoke($"{exchange} → {(int)response.StatusCode}");
            return response;
        }
        catch (HttpRequestException failure)
        {
            trace?.Invoke($"{exchange} → no response");
            throw EngineErrors.Unreachable(endpoint, failure);
        }
        catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
        {
            trace?.Invoke($"{exchange} → no connection in time");
            throw EngineErrors.Silent(endpoint, timeout);
        }
    }

    private Task<bool> BufferAsync(Exchange exchange, HttpResponseMessage response, CancellationToken cancellation) => ReadAsync(async () =>
    {
        await response.Content.LoadIntoBufferAsync(EngineLines.Limit).WaitAsync(cancellation);
        if (!exchange.IsInspection)
            return true;
        // The client cannot read the empty date of an image without one. Another name hides it.
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (body.AsSpan().IndexOf("\"Created\":\"\""u8) is >= 0 and var empty)
            body[empty + 1] = (byte)'c';
        response.Content = new ByteArrayContent(body);
        return true;
    });

    private async Task<bool> ReadAsync(Func<Task<bool>> read)
    {
        try
        {
            return await read();
        }
        catch (InvalidDataException endless)
        {
            throw EngineErrors.Failing(endpoint, $"it sent {endless.Message}.");
        }
        catch (HttpRequestException endless) when (endless.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw EngineErrors.Failing(endpoint, $"it sent a response of more than {EngineLines.Limit / (1024 * 1024)} MB.");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw EngineErrors.Unreachable(endpoint, broken);
        }
    }

    /// <summary>Waits within the limit, and warns the user of a long wait.</summary>
    private async Task<T> WaitAsync<T>(
        Exchange exchange, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        if (limit == Timeout.InfiniteTimeSpan)
            return await work(cancellation);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        waiting.CancelAfter(limit);
        var quiet = limit / 6;
        await using var notice = new Timer(
            _ => warn?.Invoke(
                $"Waiting for the container engine at {endpoint.Address}: no response to {exchange} for {quiet.TotalSeconds:0.#} s;"
                + $" giving up after {limit.TotalSeconds:0.#} s."),
            null, quiet, Timeout.InfiniteTimeSpan);
        try
        {
            return await work(waiting.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            trace?.Invoke($"{exchange} → no response in time");
            var error = EngineErrors.Late(endpoint, exchange.ToString(), limit, late);
            // Where the engine asks a registry, that may be what hangs.
            if (exchange is { IsStream: false, AsksRegistry: false })
                _hangs = error;
            throw error;
        }
    }

    /// <summary>A request, with its path after the API's version.</summary>
    private readonly record struct Exchange(HttpMethod Method, string Path)
    {
        public bool IsBuild => Path.StartsWith("/build?", StringComparison.Ordinal);

        /// <summary>Whether a success is a stream of messages: a build, a pull or a push.</summary>
        public bool IsStream => IsBuild || Path.StartsWith("/images/create?", StringComparison.Ordinal)
            || Path.Contains("/push?", StringComparison.Ordinal);

        public bool AsksRegistry => Path.StartsWith("/distribution/", StringComparison.Ordinal);

        public bool IsInspection => Path.StartsWith("/images/", StringComparison.Ordinal)
            && Path.EndsWith("/json", StringComparison.Ordinal) && Path != "/images/json";

        // The query of a build may contain secrets.
        public override string ToString() => $"{Method} {(IsBuild ? "/build?…" : Path)}";
    }
}

/// <summary>What docker's client does not pass between its caller and its handler.</summary>
internal sealed class EngineCall
{
    public string? RegistryAuth { get; init; }

    /// <summary>The stream of the response; null where it is none.</summary>
    public EngineLines? Lines { get; set; }
}

internal sealed record EngineTimeouts
{
    /// <summary>For requests that take the engine no time: inspecting an image, tagging it.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Between two messages about a pull or a push. While it unpacks a layer or waits for a registry, an engine is silent for minutes.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(15);
}
