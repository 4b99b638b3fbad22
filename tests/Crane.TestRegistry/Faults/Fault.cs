using Crane.Testing.Hosting;

namespace Crane.Testing;

/// <summary>
/// Something that goes wrong with certain requests, a certain number of times. One is for one proxy.
/// </summary>
/// <param name="method">The method of the requests; <c>*</c> means any.</param>
/// <param name="path">What their path with query matches; <c>*</c> matches any characters.</param>
/// <param name="action">What goes wrong.</param>
/// <example><code>new Fault("GET", "*/blobs/*", DownloadFault.ResetAfter(1000)) { Skip = 1 }</code></example>
public sealed class Fault(string method, string path, FaultAction action)
{
    private readonly RequestPattern _requests = new(method, path);
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;
    private int _strikes;

    /// <summary>How many such requests are spared before the first that is not.</summary>
    public int Skip { get; init; }

    /// <summary>How many requests it strikes.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many requests it has struck so far.</summary>
    public int Strikes => Volatile.Read(ref _strikes);

    /// <summary>Done when it has struck for the first time: when all has passed that was to pass before.</summary>
    public Task Struck => _struck.Task;

    /// <summary>Takes one of its turns if a request is such a one and a turn is left.</summary>
    internal bool TakeTurn(string method, string pathAndQuery) =>
        _requests.Matches(method, pathAndQuery) && Interlocked.Increment(ref _seen) is var number
        && number > Skip && number - Skip <= Times;

    internal Task ApplyAsync(FaultExchange exchange) => action(exchange);

    internal void Strike()
    {
        Interlocked.Increment(ref _strikes);
        _struck.TrySetResult();
    }
}
