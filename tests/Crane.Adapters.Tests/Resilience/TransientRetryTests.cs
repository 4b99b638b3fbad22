using Crane.Adapters.Resilience;

namespace Crane.Adapters.Tests.Resilience;

public sealed class TransientRetryTests
{
    private static readonly CraneException Passing = new(CraneErrorId.RegistryUnreachable, "busy") { IsTransient = true };
    private static readonly CraneException Lasting = new(CraneErrorId.RegistryUnauthorized, "no");

    private readonly InstantTime _time = new();
    private int _tries;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Success_is_returned_at_once()
    {
        Assert.Equal(7, await RunAsync(_ => 7));
        Assert.Equal(1, _tries);
    }

    [Fact]
    public async Task Transient_error_is_retried_after_a_pause_that_is_reported()
    {
        var reported = new List<(CraneException Error, TimeSpan Pause)>();
        Assert.Equal(3, await RunAsync(tries => tries < 3 ? throw Passing : tries, (error, pause) => reported.Add((error, pause))));
        Assert.Equal([Passing, Passing], reported.Select(one => one.Error));
        // Timers count whole milliseconds.
        Assert.Equal(_time.Pauses, reported.Select(one => TimeSpan.FromMilliseconds(Math.Floor(one.Pause.TotalMilliseconds))));
    }

    [Fact]
    public async Task Fourth_error_is_final_so_that_callers_do_not_retry_it_again()
    {
        var last = await Assert.ThrowsAsync<CraneException>(() => RunAsync(_ => throw Passing));
        Assert.Equal((Passing.Id, Passing.Message, false), (last.Id, last.Message, last.IsTransient));
        Assert.Equal(4, _tries);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(8)));
    }

    [Fact]
    public async Task Permanent_error_is_final_at_once()
    {
        Assert.Same(Lasting, await Assert.ThrowsAsync<CraneException>(() => RunAsync(_ => throw Lasting)));
        Assert.Equal(1, _tries);
    }

    [Fact]
    public async Task Other_exceptions_are_not_swallowed()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(_ => throw new InvalidOperationException()));
        Assert.Equal(1, _tries);
    }

    [Fact]
    public async Task Cancellation_ends_the_pause()
    {
        using var stop = new CancellationTokenSource();
        var retry = new TransientRetry(new StoppedTime());
        var running = retry.RunAsync<int>(_ => throw Passing, (_, _) => stop.Cancel(), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Task<int> RunAsync(Func<int, int> work, Action<CraneException, TimeSpan>? retrying = null) =>
        new TransientRetry(_time).RunAsync(_ => Task.FromResult(work(++_tries)), retrying ?? ((_, _) => { }), Cancellation);

    /// <summary>A clock on which no pause is ever over.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
    }
}
