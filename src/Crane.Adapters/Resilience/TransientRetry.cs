using Crane.Moving.Run;
using Polly;
using Polly.Retry;

namespace Crane.Adapters.Resilience;

/// <summary>
/// Up to four tries of what failed for a reason that may pass, with pauses that about double from half a second and
/// are spread at random, so that transfers that failed together do not come back together.
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
        catch (CraneException fault) when (fault.IsTransient)
        {
            first = fault;
        }

        return await Pipeline(retrying).ExecuteAsync(
            async token => Interlocked.Exchange(ref first, null) is { } fault ? throw fault : await work(token), cancellation);
    }

    private ResiliencePipeline Pipeline(Action<CraneException, TimeSpan> retrying) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            // What did not come within its time is waited for twice: more takes long, and seldom helps.
            ShouldHandle = fault => new(fault.Outcome.Exception is CraneException { IsTransient: true } error
                && !(error.InnerException is TimeoutException && fault.AttemptNumber > 0)),
            MaxRetryAttempts = Tries - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(0.5),
            MaxDelay = TimeSpan.FromSeconds(8),
            UseJitter = true,
            OnRetry = fault =>
            {
                retrying((CraneException)fault.Outcome.Exception!, fault.RetryDelay);
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
