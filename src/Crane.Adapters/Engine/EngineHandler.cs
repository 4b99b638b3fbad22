namespace Crane.Adapters.Engine;

/// <summary>
/// Sends the requests of docker's client to an engine. It adds what the client has no parameter for, traces each request,
/// and gives up an engine that says nothing or never ends.
/// </summary>
/// <param name="endpoint">The engine.</param>
/// <param name="timeouts">How long it is waited for.</param>
/// <param name="trace">Takes a line for each request.</param>
/// <param name="warn">Takes a sentence for each long wait.</param>
internal sealed class EngineHandler(EngineEndpoint endpoint, EngineTimeouts timeouts, Action<string>? trace, Action<string>? warn)
    : DelegatingHandler(EngineConnector.Handler(endpoint))
{
    private static readonly Version WithManifests = new(1, 48);

    // The client passes nothing on to its handler but the request.
    private static readonly AsyncLocal<EngineCall?> Current = new();

    private CraneException? _hangs;

    /// <summary>The version of the engine's API; null until a ping has told it.</summary>
    public Version? Version { get; set; }

    /// <summary>Makes the requests that the calling method sends from now on parts of a call.</summary>
    /// <param name="registryAuth">The header <c>X-Registry-Auth</c>; null goes without.</param>
    public static EngineCall Begin(string? registryAuth) => Current.Value = new EngineCall { RegistryAuth = registryAuth };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = new Exchange(request.Method, request.RequestUri!.PathAndQuery[(endpoint.Root.AbsolutePath.Length - 1)..]);
        // An engine that hangs is not waited for again with each image of a run.
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
            // To the client this would be a success. No engine redirects.
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
        // Some engines give an image without a date an empty one, which the client does not read. It does not know this name.
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

    /// <summary>Waits for one thing, not for ever, and tells the user where it takes long.</summary>
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
            // Where it asks a registry, that may be what hangs.
            if (exchange is { IsStream: false, AsksRegistry: false })
                _hangs = error;
            throw error;
        }
    }

    /// <summary>A request and its response.</summary>
    /// <param name="Method">The HTTP method.</param>
    /// <param name="Path">From the API's version on, with its query.</param>
    private readonly record struct Exchange(HttpMethod Method, string Path)
    {
        public bool IsBuild => Path.StartsWith("/build?", StringComparison.Ordinal);

        /// <summary>Whether a success is a stream of messages: a build, a pull or a push.</summary>
        public bool IsStream => IsBuild || Path.StartsWith("/images/create?", StringComparison.Ordinal)
            || Path.Contains("/push?", StringComparison.Ordinal);

        public bool AsksRegistry => Path.StartsWith("/distribution/", StringComparison.Ordinal);

        public bool IsInspection => Path.StartsWith("/images/", StringComparison.Ordinal)
            && Path.EndsWith("/json", StringComparison.Ordinal) && Path != "/images/json";

        /// <summary>As a trace shows it. The query of a build may hold what a user keeps secret.</summary>
        public override string ToString() => $"{Method} {(IsBuild ? "/build?…" : Path)}";
    }
}

/// <summary>What docker's client does not pass on between its caller and its handler.</summary>
internal sealed class EngineCall
{
    /// <summary>The header <c>X-Registry-Auth</c>; null goes without.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>The stream of the response; null where it is none.</summary>
    public EngineLines? Lines { get; set; }
}

/// <summary>How long an engine is waited for.</summary>
internal sealed record EngineTimeouts
{
    /// <summary>For requests that take the engine no time: inspecting an image, tagging it.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Between two messages about a pull or a push. While it unpacks a layer or waits for a registry it may say nothing for
    /// minutes; one that has stopped says nothing ever.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(15);
}
