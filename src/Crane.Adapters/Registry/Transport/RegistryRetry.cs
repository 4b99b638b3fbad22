using Polly;
using Polly.Retry;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Tries a request again after what may pass: a fault of the connection, or an answer that says so. The pauses are those that
/// the registry asks for, else they double from a quarter of a second, spread at random.
/// </summary>
/// <remarks>
/// What it gives up on is no longer transient: whole images are tried again for that, and the tries would multiply.
/// </remarks>
internal sealed class RegistryRetry
{
    /// <summary>Tries in all.</summary>
    public const int Tries = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly ResiliencePropertyKey<RetryableRequest> Request = new("Crane.RetryableRequest");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RegistryRetry(RequestLog log, TimeProvider time) => _pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = attempt => new(ShouldTryAgain(attempt.Outcome, attempt.Context, time)),
                MaxRetryAttempts = Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromSeconds(0.25),
                MaxDelay = TimeSpan.FromSeconds(8),
                UseJitter = true,
                DelayGenerator = attempt => new(attempt.Outcome.Result is { } answer ? RetryAfter.Of(answer, time) : null),
                OnRetry = attempt =>
                {
                    log.Trace($"trying again in {attempt.RetryDelay.TotalSeconds:0.0} s: {Why(attempt.Outcome)}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>Runs the tries.</summary>
    /// <param name="request">What may be repeated.</param>
    /// <param name="peer">Who is spoken to, as messages have it.</param>
    /// <param name="send">One try.</param>
    /// <param name="cancellation">Ends tries and pauses.</param>
    /// <exception cref="CraneException">
    /// What a try throws; RegistryUnreachable for an answer that stayed one to be tried again. Transient only where a body had
    /// been
    /// begun that may not be sent again: its sender can find out how far it came.
    /// </exception>
    public async Task<HttpResponseMessage> RunAsync(
        RetryableRequest request, string peer, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(Request, request);
            var answer = await _pipeline.ExecuteAsync(
                static async (context, send) => await send(context.CancellationToken), context, send);
            if (!RetryAfter.Invites(answer.StatusCode))
                return answer;
            var isTransient = !request.MayBeSentAgain(answer.StatusCode);
            throw await AnswerFaults.UnavailableAsync(peer, answer, isTransient, cancellation);
        }
        catch (CraneException fault) when (fault.IsTransient && request.MayBeSentAgain(null))
        {
            throw fault.Settled();
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool ShouldTryAgain(Outcome<HttpResponseMessage> outcome, ResilienceContext context, TimeProvider time)
    {
        var request = context.Properties.GetValue(Request, RetryableRequest.Simple);
        return outcome switch
        {
            { Exception: CraneException { IsTransient: true } } => request.MayBeSentAgain(null),
            { Result: { } answer } => RetryAfter.Invites(answer.StatusCode)
                && request.MayBeSentAgain(answer.StatusCode) && !(RetryAfter.Of(answer, time) > LongestPause),
            _ => false,
        };
    }

    private static string Why(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception?.Message ?? $"{(int)outcome.Result!.StatusCode} {outcome.Result.ReasonPhrase}";
}
