using System.Globalization;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>What is being done with one image, in words: the step of a build, or bytes, rate and the time that is left.</summary>
internal sealed class ImageBar(int id, string name)
{
    // How much the rate of the last moment counts: enough to follow the network, not so much that the time that is left jumps.
    private const double Weight = 0.2;

    private readonly object _gate = new();
    private readonly long _started = Environment.TickCount64;
    private ImageProgress _progress;
    private long _lastChange = Environment.TickCount64;
    private (long Time, long Bytes, double Rate)? _measured;

    public int Id => id;

    /// <summary>When something happened last.</summary>
    public long LastChange => Interlocked.Read(ref _lastChange);

    /// <summary>Takes the news, on any thread.</summary>
    public void Take(ImageProgress progress)
    {
        lock (_gate)
            _progress = progress;
        Interlocked.Exchange(ref _lastChange, Environment.TickCount64);
    }

    /// <summary>Writes the state as a record.</summary>
    public ProgressRecord Record(int parentId, long now)
    {
        ImageProgress progress;
        lock (_gate)
            progress = _progress;
        var record = new ProgressRecord(id, name, Words(progress, now)) { ParentActivityId = parentId };
        if (progress.TotalBytes <= 0)
            return record;
        record.PercentComplete = (int)Math.Clamp(progress.CurrentBytes * 100 / progress.TotalBytes, 0, 100);
        if (_measured is { Rate: > 0 } measured)
            record.SecondsRemaining = (int)Math.Min(int.MaxValue, (progress.TotalBytes - progress.CurrentBytes) / measured.Rate);
        return record;
    }

    private string Words(ImageProgress progress, long now)
    {
        var elapsed = Elapsed.Text(now - _started);
        if (progress.TotalBytes <= 0)
            return $"{elapsed}: {progress.Phase}";
        Measure(progress.CurrentBytes, now);
        return string.Create(
            CultureInfo.CurrentCulture,
            $"{progress.Phase} {progress.CurrentBytes / 1e6:0.0} of {progress.TotalBytes / 1e6:0.0} MB")
            + (_measured is { Rate: > 0 } measured ? string.Create(CultureInfo.CurrentCulture, $", {measured.Rate / 1e6:0.0} MB/s") : "")
            + $", {elapsed}";
    }

    private void Measure(long bytes, long now)
    {
        if (_measured is not { } last)
        {
            // The first bytes may have come before; their time is that of the bar.
            _measured = (now, bytes, now > _started ? bytes * 1000d / (now - _started) : 0);
        }
        else if (now > last.Time)
        {
            var rate = (bytes - last.Bytes) * 1000d / (now - last.Time);
            _measured = (now, bytes, last.Rate + ((rate - last.Rate) * Weight));
        }
    }
}

/// <summary>Writes a time span for people.</summary>
internal static class Elapsed
{
    /// <summary>As in <c>12 s</c> and <c>2:05 min</c>.</summary>
    public static string Text(long milliseconds)
    {
        var seconds = milliseconds / 1000;
        return seconds < 60 ? $"{seconds} s" : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00} min");
    }
}
