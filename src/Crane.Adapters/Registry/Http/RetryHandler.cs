using System.Net;
using Polly;
using Polly.Retry;

namespace Crane.Adapters.Registry.Http;

/// <summary>
/// Retries a request after a transient error of the connection or a response like 503. The pauses double from a quarter of a second, with
/// jitter; where the registry asks for more, they are longer.
/// </summary>
/// <remarks>
/// The last error is no longer transient, as whole images are retried after those and the tries would multiply. The exception is a body
/// that may not be sent again: its sender can find out how much has arrived. The first try runs without Polly, whose hundreds of methods
/// need not be compiled where nothing fails.
/// </remarks>
internal sealed class RetryHandler(TimeProvider time) : DelegatingHandler
{
    private const int Tries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request is RegistryMessage { Request.IsShortcut: false } message
            ? SendAsync(message, cancellationToken) : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(RegistryMessage message, CancellationToken cancellation)
    {
        Task<HttpResponseMessage>? first = base.SendAsync(message, cancellation);
        try
        {
            if (await first is { } response && !IsTransient(response.StatusCode))
                return response;
        }
        catch (CraneException error) when (error.IsTransient)
        {
            // The pipeline awaits the same task again, and decides.
        }

        return await RetryAsync(message, token => Interlocked.Exchange(ref first, null) ?? base.SendAsync(message, token), cancellation);
    }

    private async Task<HttpResponseMessage> RetryAsync(
        RegistryMessage message, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellation)
    {
        try
        {
            var response = await Pipeline(message).ExecuteAsync(async token => await send(token), cancellation);
            if (!await IsOutageAsync(response, cancellation))
                return response;
            var title = response.RequestMessage is RegistryMessage asked ? asked.Title : message.Title;
            throw await ResponseErrors.UnavailableAsync(
                title, response, isTransient: !message.MayBeSentAgain(response.StatusCode), cancellation);
        }
        catch (CraneException error) when (error.IsTransient && message.MayBeSentAgain(null))
        {
            throw error.Settled();
        }
    }

    private ResiliencePipeline<HttpResponseMessage> Pipeline(RegistryMessage message) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = attempt => ShouldRetryAsync(message, attempt),
                MaxRetryAttempts = Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = TimeSpan.FromSeconds(8),
                UseJitter = true,
                DelayGenerator = attempt => new(Pause(attempt)),
                OnRetry = attempt =>
                {
                    message.Caller.Log.Step($"retrying in {attempt.RetryDelay.TotalSeconds:0.0} s: {Why(attempt.Outcome)}");
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private async ValueTask<bool> ShouldRetryAsync(RegistryMessage message, RetryPredicateArguments<HttpResponseMessage> attempt) =>
        attempt.Outcome switch
        {
            // A timeout is retried once: more takes long and seldom helps.
            { Exception: CraneException { IsTransient: true } error } => message.MayBeSentAgain(null)
                && !(error.InnerException is TimeoutException && attempt.AttemptNumber > 0),
            { Result: { } response } => message.MayBeSentAgain(response.StatusCode) && !(RetryAfter(response) > LongestPause)
                && await IsOutageAsync(response, attempt.Context.CancellationToken),
            _ => false,
        };

    /// <summary>Whether a response is about an outage, not about the request.</summary>
    private static async ValueTask<bool> IsOutageAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        IsTransient(response.StatusCode)
        && (response.StatusCode < HttpStatusCode.InternalServerError || !(await ErrorBody.ReadAsync(response, cancellation)).IsRefusal);

    private static bool IsTransient(HttpStatusCode status) => status is
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // Never less than the pause without a wish of the registry.
    private TimeSpan? Pause(RetryDelayGeneratorArguments<HttpResponseMessage> attempt)
    {
        if (attempt.Outcome.Result is not { } response || RetryAfter(response) is not { } asked)
            return null;
        var own = FirstPause * Math.Pow(2, attempt.AttemptNumber);
        return asked > own ? asked : own;
    }

    /// <summary>How long a response asks to wait (RFC 9110, section 10.2.3); null for nothing.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } pause } => pause,
        // By the server's own clock, where that is known.
        { Date: { } date } => (date - (response.Headers.Date ?? time.GetUtcNow())) is { Ticks: > 0 } pause ? pause : TimeSpan.Zero,
        _ => null,
    };

    private static string Why(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception?.Message
        ?? $"{outcome.Result!.RequestMessage!.RequestUri!.Authority} returned "
            + $"{(int)outcome.Result.StatusCode} {outcome.Result.ReasonPhrase}";
}
