namespace Crane.Adapters.Tests;

/// <summary>A clock that a test sets. Its timers run as usual.</summary>
internal sealed class SettableTime : TimeProvider
{
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan time) => _now += time;
}
