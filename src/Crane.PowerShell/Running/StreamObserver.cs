using System.Globalization;
using Crane.Commands.Base;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>Shows a run in PowerShell's streams: steps to Verbose, requests to Debug, bytes to Progress.</summary>
internal sealed class StreamObserver : IRunObserver
{
    private const long MillisecondsBetweenUpdates = 100;

    // Unique ids, far from those that scripts use, because several runs may show progress at the same time.
    private static int _lastId = 1_000_000;

    private readonly CraneCommand _command;
    private readonly PipelinePump _pump;
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bar> _bars = new(StringComparer.Ordinal);
    private readonly int _parentId = NextId();
    private int _completedImages;

    public StreamObserver(CraneCommand command, PipelinePump pump, params IEnumerable<RetagPlan> plans)
    {
        _command = command;
        _pump = pump;
        foreach (var target in plans.Select(plan => plan.Target).Distinct(StringComparer.Ordinal))
            _bars.Add(target, new Bar(NextId()));
    }

    /// <summary>Writes a debug line; null if they are not shown.</summary>
    public Action<string>? Trace => _command.ShowsDebug ? line => _pump.Post(() => _command.WriteDebug(line)) : null;

    /// <summary>Returns the request with its store's messages shown here.</summary>
    public StoreRequest Watch(StoreRequest request) => request with { Trace = Trace, Step = Note, Warn = Warn };

    /// <summary>Writes a warning, but not the same one twice.</summary>
    public void Warn(string message) => _pump.Post(() =>
    {
        if (_warnings.Add(message))
            _command.WriteWarning(message);
    });

    public void Step(RetagPlan plan, string text) => Note(Line(plan, text));

    public void Warn(RetagPlan plan, string text) => Warn(Line(plan, text));

    public void Note(string message)
    {
        if (_command.ShowsVerbose)
            _pump.Post(() => _command.WriteVerbose(message));
    }

    public void Progress(RetagPlan plan, MoveProgress progress)
    {
        if (_bars.TryGetValue(plan.Target, out var bar) && bar.IsDue(Environment.TickCount64))
            _pump.TryPost(() => _command.WriteProgress(Record(plan, bar, progress)));
    }

    public void Ended(RetagPlan plan)
    {
        if (!_bars.TryGetValue(plan.Target, out var bar))
            return;
        Post(new ProgressRecord(bar.Id, Name(plan), "done") { ParentActivityId = _parentId, RecordType = ProgressRecordType.Completed });
        // An image that is built because it could not be pulled ends twice.
        if (bar.IsFirstEnd())
            Post(Parent(Interlocked.Increment(ref _completedImages), ProgressRecordType.Processing));
    }

    /// <summary>Removes the progress bars.</summary>
    public void Completed() => Post(Parent(_completedImages, ProgressRecordType.Completed));

    private static int NextId() => Interlocked.Increment(ref _lastId);

    private static string Line(RetagPlan plan, string text) => plan.Container.Length > 0 ? $"{plan.Container}: {text}" : text;

    private static string Name(RetagPlan plan) => plan.Container.Length > 0 ? plan.Container : plan.Target;

    private ProgressRecord Record(RetagPlan plan, Bar bar, MoveProgress progress)
    {
        var status = progress.TotalBytes > 0
            ? string.Create(
                CultureInfo.CurrentCulture, $"{progress.Phase} {progress.CurrentBytes / 1e6:0.0} of {progress.TotalBytes / 1e6:0.0} MB")
            : progress.Phase;
        return new ProgressRecord(bar.Id, Name(plan), status.Length > 0 ? status : "working")
        {
            ParentActivityId = _parentId,
            PercentComplete = progress.TotalBytes > 0 ? (int)Math.Min(100, progress.CurrentBytes * 100 / progress.TotalBytes) : -1,
        };
    }

    private ProgressRecord Parent(int completed, ProgressRecordType type) =>
        new(_parentId, _command.MyInvocation.MyCommand.Name, $"{completed} of {_bars.Count} images")
        {
            PercentComplete = _bars.Count > 0 ? completed * 100 / _bars.Count : 100,
            RecordType = type,
        };

    private void Post(ProgressRecord record) => _pump.Post(() => _command.WriteProgress(record));

    // A progress bar, updated only a few times a second, however often a store reports.
    private sealed class Bar(int id)
    {
        private long _nextUpdate;
        private int _ends;

        public int Id { get; } = id;

        public bool IsFirstEnd() => Interlocked.Increment(ref _ends) == 1;

        public bool IsDue(long now)
        {
            if (now < Interlocked.Read(ref _nextUpdate))
                return false;
            Interlocked.Exchange(ref _nextUpdate, now + MillisecondsBetweenUpdates);
            return true;
        }
    }
}
