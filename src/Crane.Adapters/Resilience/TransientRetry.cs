using Crane.Moving.Run;
using Polly;
using Polly.Retry;

namespace Crane.Adapters.Resilience;

/// <summary>
/// Retries transient errors: up to four tries, with pauses that double from half a second, and jitter, so that transfers that failed
/// together are not retried together.
/// </summary>
/// <remarks>The first try runs without Polly: where nothing fails, its hundreds of methods need not be compiled.</remarks>
internal sealed class TransientRetry(TimeProvider? time = null) : IRetryPolicy
{
    private const int Tries = 4;

    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation)
    {
        CraneException? first;
        try
        {
            return await work(cancellation);
        }
        catch (CraneException error) when (error.IsTransient)
        {
            first = error;
        }

        try
        {
            return await Pipeline(retrying).ExecuteAsync(
                async token => Interlocked.Exchange(ref first, null) is { } error ? throw error : await work(token), cancellation);
        }
        catch (CraneException error) when (error.IsTransient)
        {
            throw error.Settled();
        }
    }

    private ResiliencePipeline Pipeline(Action<CraneException, TimeSpan> retrying) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            // A timeout is retried once: more takes long and seldom helps.
            ShouldHandle = attempt => new(attempt.Outcome.Exception is CraneException { IsTransient: true } error
                && !(error.InnerException is TimeoutException && attempt.AttemptNumber > 0)),
            MaxRetryAttempts = Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(0.5),
            MaxDelay = TimeSpan.FromSeconds(8),
            UseJitter = true,
            OnRetry = attempt =>
            {
                retrying((CraneException)attempt.Outcome.Exception!, attempt.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
