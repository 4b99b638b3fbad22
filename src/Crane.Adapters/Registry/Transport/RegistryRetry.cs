using System.Net;
using Polly;
using Polly.Retry;

namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Tries a request again after what may pass: a fault of the connection, or an answer that says so. The pauses double from a
/// quarter of a second, spread at random; where the registry asks for more, they are longer.
/// </summary>
/// <remarks>
/// What it gives up on is no longer transient: whole images are tried again for that, and the tries would multiply.
/// </remarks>
internal sealed class RegistryRetry
{
    /// <summary>Tries in all.</summary>
    public const int Tries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly ResiliencePropertyKey<RetryableRequest> Request = new("Crane.RetryableRequest");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RegistryRetry(RequestLog log, TimeProvider time) => _pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = attempt => ShouldTryAgainAsync(attempt, time),
                MaxRetryAttempts = Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = TimeSpan.FromSeconds(8),
                UseJitter = true,
                DelayGenerator = attempt => new(Pause(attempt, time)),
                OnRetry = attempt =>
                {
                    log.Step($"trying again in {attempt.RetryDelay.TotalSeconds:0.0} s: {Why(attempt.Outcome)}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    /// <summary>Runs the tries.</summary>
    /// <param name="request">What may be repeated.</param>
    /// <param name="peer">Who answers at an address, as messages have it.</param>
    /// <param name="send">One try.</param>
    /// <param name="cancellation">Ends tries and pauses.</param>
    /// <exception cref="CraneException">
    /// What a try throws; RegistryUnreachable for an answer that stayed one to be tried again. Transient only where a body had
    /// been
    /// begun that may not be sent again: its sender can find out how far it came.
    /// </exception>
    public async Task<HttpResponseMessage> RunAsync(
        RetryableRequest request, Func<Uri, string> peer, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        try
        {
            context.Properties.Set(Request, request);
            var answer = await _pipeline.ExecuteAsync(
                static async (context, send) => await send(context.CancellationToken), context, send);
            if (!await IsOutageAsync(answer, cancellation))
                return answer;
            var isTransient = !request.MayBeSentAgain(answer.StatusCode);
            throw await AnswerFaults.UnavailableAsync(peer(answer.RequestMessage!.RequestUri!), answer, isTransient, cancellation);
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

    private static async ValueTask<bool> ShouldTryAgainAsync(RetryPredicateArguments<HttpResponseMessage> attempt, TimeProvider time)
    {
        var request = attempt.Context.Properties.GetValue(Request, RetryableRequest.Simple);
        return attempt.Outcome switch
        {
            { Exception: CraneException { IsTransient: true } fault } => request.MayBeSentAgain(null)
                && !(WireFaults.IsTimeout(fault) && attempt.AttemptNumber > 0),
            { Result: { } answer } => request.MayBeSentAgain(answer.StatusCode) && !(RetryAfter.Of(answer, time) > LongestPause)
                && await IsOutageAsync(answer, attempt.Context.CancellationToken),
            _ => false,
        };
    }

    /// <summary>Whether an answer is about the moment, and not about the request.</summary>
    private static async ValueTask<bool> IsOutageAsync(HttpResponseMessage answer, CancellationToken cancellation) =>
        RetryAfter.Invites(answer.StatusCode)
        && (answer.StatusCode < HttpStatusCode.InternalServerError || !(await ErrorBody.ReadAsync(answer, cancellation)).IsRefusal);

    // A registry that asks for no pause must not get all tries at once.
    private static TimeSpan? Pause(RetryDelayGeneratorArguments<HttpResponseMessage> attempt, TimeProvider time)
    {
        if (attempt.Outcome.Result is not { } answer || RetryAfter.Of(answer, time) is not { } asked)
            return null;
        var own = FirstPause * Math.Pow(2, attempt.AttemptNumber);
        return asked > own ? asked : own;
    }

    private static string Why(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception?.Message
        ?? $"{outcome.Result!.RequestMessage!.RequestUri!.Authority} answered {(int)outcome.Result.StatusCode} {outcome.Result.ReasonPhrase}";
}
