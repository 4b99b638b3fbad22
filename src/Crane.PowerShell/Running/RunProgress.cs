using System.Collections.Concurrent;
using Crane.Commands.Base;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>
/// The progress of one run: a record for the run, and below it one for each image that is being worked on. Events only say what is new; a
/// clock writes it a few times a second. So the time goes on where a build prints nothing, and a run that is over at once shows nothing.
/// </summary>
internal sealed class RunProgress : IDisposable
{
    // What fits below a prompt. Where more images are in work, those are shown in which something happens.
    private const int MostBars = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Unique ids, far from those that scripts use, because several runs may show progress at the same time.
    private static int _lastId = 1_000_000;

    private readonly int _id = NextId();
    private readonly long _started = Environment.TickCount64;
    private readonly ConcurrentDictionary<string, ImageBar> _bars = new(StringComparer.Ordinal);

    // Those that PowerShell shows, by id; only the pipeline's thread uses it.
    private readonly Dictionary<int, ProgressRecord> _shown = [];
    private readonly PeriodicTimer _clock = new(Interval);
    private readonly CraneCommand _command;
    private readonly PipelinePump _pump;
    private readonly HashSet<string> _left;
    private readonly int _count;
    private int _isQueued;

    /// <summary>Begins to show progress, if it is wanted and there is something to do.</summary>
    /// <param name="targets">The targets of all plans.</param>
    public RunProgress(CraneCommand command, PipelinePump pump, IEnumerable<string> targets)
    {
        (_command, _pump) = (command, pump);
        _left = new(targets, StringComparer.Ordinal);
        _count = _left.Count;
        if (command.ShowsProgress && _count > 0)
            _ = TickAsync();
    }

    /// <summary>Takes what is being done with an image, on any thread.</summary>
    public void Take(RetagPlan plan, ImageProgress progress) =>
        _bars.GetOrAdd(plan.Target, _ => new ImageBar(NextId(), plan.Container.Length > 0 ? plan.Container : plan.Target)).Take(progress);

    /// <summary>Takes the end of a plan, on any thread. An image that is built because it could not be pulled ends twice.</summary>
    public void End(RetagPlan plan)
    {
        _bars.TryRemove(plan.Target, out _);
        lock (_left)
            _left.Remove(plan.Target);
    }

    /// <summary>Removes all that is shown, after a failure and in a stopped pipeline as well. On the pipeline's thread.</summary>
    public void Dispose()
    {
        _clock.Dispose();
        Show([]);
    }

    private static int NextId() => Interlocked.Increment(ref _lastId);

    // Until the clock is disposed of.
    private async Task TickAsync()
    {
        while (await _clock.WaitForNextTickAsync().ConfigureAwait(false))
        {
            // A slow pipeline gets the newest state, not all of them.
            if (Interlocked.Exchange(ref _isQueued, 1) == 0 && !_pump.TryPost(Write))
                Interlocked.Exchange(ref _isQueued, 0);
        }
    }

    private void Write()
    {
        Interlocked.Exchange(ref _isQueued, 0);
        var now = Environment.TickCount64;
        var bars = _bars.Values.OrderByDescending(bar => bar.LastChange).Take(MostBars).OrderBy(bar => bar.Id);
        Show([Parent(now), .. bars.Select(bar => bar.Record(_id, now))]);
    }

    private ProgressRecord Parent(long now)
    {
        int done;
        lock (_left)
            done = _count - _left.Count;
        return new ProgressRecord(_id, _command.MyInvocation.MyCommand.Name, $"{done} of {_count} images, {Elapsed.Text(now - _started)}")
        {
            PercentComplete = done * 100 / _count,
        };
    }

    /// <summary>Shows these records and no others; one that is the same already is not written again.</summary>
    private void Show(IReadOnlyList<ProgressRecord> records)
    {
        foreach (var gone in _shown.Keys.Except(records.Select(record => record.ActivityId)).OrderDescending().ToList())
        {
            var last = _shown[gone];
            _shown.Remove(gone);
            _command.WriteProgress(new ProgressRecord(gone, last.Activity, last.StatusDescription)
            {
                ParentActivityId = last.ParentActivityId,
                RecordType = ProgressRecordType.Completed,
            });
        }

        foreach (var record in records)
        {
            if (_shown.TryGetValue(record.ActivityId, out var before) && before.ToString() == record.ToString())
                continue;
            _shown[record.ActivityId] = record;
            _command.WriteProgress(record);
        }
    }
}
