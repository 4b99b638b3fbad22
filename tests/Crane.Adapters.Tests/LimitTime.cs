namespace Crane.Adapters.Tests;

/// <summary>A clock on which pauses are over at once, limits when the test says so, and time passes when the test says so.</summary>
internal sealed class LimitTime : TimeProvider
{
    private readonly List<Limit> _limits = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Waits until a limit is set to that, and lets it be over.</summary>
    public async Task EndAsync(TimeSpan due)
    {
        var cancellation = TestContext.Current.CancellationToken;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Limit? limit;
            lock (_limits)
                limit = _limits.Find(limit => limit.Due == due);
            if (limit is not null)
            {
                limit.End();
                return;
            }
            await Task.Delay(1, cancellation);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        var limit = new Limit(() => callback(state));
        lock (_limits)
            _limits.Add(limit);
        return limit;
    }

    private sealed class Limit(Action over) : ITimer
    {
        public TimeSpan Due { get; private set; } = Timeout.InfiniteTimeSpan;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime;
            return true;
        }

        public void End()
        {
            Due = Timeout.InfiniteTimeSpan;
            over();
        }

        public void Dispose() => Due = Timeout.InfiniteTimeSpan;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
