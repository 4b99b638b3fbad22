using Crane.Moving.Run;
using Polly;
using Polly.Retry;

namespace Crane.Adapters.Resilience;

/// <summary>
/// Up to four tries of what failed for a reason that may pass, with pauses that about double from half a second and
/// are spread at random, so that transfers that failed together do not come back together.
/// </summary>
internal sealed class TransientRetry : IRetryPolicy
{
    private const int Tries = 4;

    private static readonly ResiliencePropertyKey<Action<CraneException, TimeSpan>> Retrying = new("Crane.Retrying");

    private readonly ResiliencePipeline _pipeline;

    public TransientRetry(TimeProvider? time = null) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
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
            OnRetry = Tell,
        })
        .Build();

    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(Retrying, retrying);
            return await _pipeline.ExecuteAsync(
                static async (context, work) => await work(context.CancellationToken), context, work);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ValueTask Tell(OnRetryArguments<object> fault)
    {
        if (fault.Outcome.Exception is CraneException exception
            && fault.Context.Properties.TryGetValue(Retrying, out var retrying))
            retrying(exception, fault.RetryDelay);
        return ValueTask.CompletedTask;
    }
}
