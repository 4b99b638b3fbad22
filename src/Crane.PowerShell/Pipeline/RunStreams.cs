using System.Globalization;
using System.Management.Automation;
using Crane.Execution;

namespace Crane.Commands;

/// <summary>Shows a run in PowerShell's streams: steps to Verbose, requests to Debug, bytes to Progress.</summary>
internal sealed class RunStreams : IRunObserver
{
    private const int ParentId = 1;
    private const long MillisecondsBetweenUpdates = 100;

    private readonly CraneCommand _command;
    private readonly PipelinePump _pump;
    private readonly Action<string> _warn;
    private readonly Dictionary<string, Bar> _bars = new(StringComparer.Ordinal);
    private int _ended;

    public RunStreams(CraneCommand command, PipelinePump pump, IEnumerable<RetagPlan> plans)
    {
        _command = command;
        _pump = pump;
        _warn = command.WarnBy(pump);
        foreach (var plan in plans)
            _bars.TryAdd(plan.Target, new Bar(ParentId + 1 + _bars.Count));
    }

    public void Step(RetagPlan plan, string text) => Note(Line(plan, text));

    public void Warn(RetagPlan plan, string text) => _warn(Line(plan, text));

    public void Note(string text)
    {
        if (_command.ShowsVerbose)
            _pump.Post(() => _command.WriteVerbose(text));
    }

    public void Progress(RetagPlan plan, MoveProgress progress)
    {
        var bar = _bars[plan.Target];
        if (bar.IsDue(Environment.TickCount64))
            _pump.TryPost(() => _command.WriteProgress(Record(plan, bar, progress)));
    }

    public void Ended(RetagPlan plan)
    {
        var bar = _bars[plan.Target];
        Post(new ProgressRecord(bar.Id, Name(plan), "done") { ParentActivityId = ParentId, RecordType = ProgressRecordType.Completed });
        // An image that could not be pulled is built, and ends twice.
        if (bar.IsFirstEnd())
            Post(Parent(Interlocked.Increment(ref _ended), ProgressRecordType.Processing));
    }

    /// <summary>Takes the bars away.</summary>
    public void Completed() => Post(Parent(_ended, ProgressRecordType.Completed));

    private static string Line(RetagPlan plan, string text) => plan.Container.Length > 0 ? $"{plan.Container}: {text}" : text;

    private static string Name(RetagPlan plan) => plan.Container.Length > 0 ? plan.Container : plan.Target;

    private static ProgressRecord Record(RetagPlan plan, Bar bar, MoveProgress progress)
    {
        var status = progress.TotalBytes > 0
            ? string.Create(CultureInfo.CurrentCulture, $"{progress.Phase} {progress.CurrentBytes / 1e6:0.0} of {progress.TotalBytes / 1e6:0.0} MB")
            : progress.Phase;
        return new ProgressRecord(bar.Id, Name(plan), status.Length > 0 ? status : "working")
        {
            ParentActivityId = ParentId,
            PercentComplete = progress.TotalBytes > 0 ? (int)Math.Min(100, progress.CurrentBytes * 100 / progress.TotalBytes) : -1,
        };
    }

    private ProgressRecord Parent(int ended, ProgressRecordType type) => new(ParentId, _command.MyInvocation.MyCommand.Name, $"{ended} of {_bars.Count} images")
    {
        PercentComplete = _bars.Count > 0 ? ended * 100 / _bars.Count : 100,
        RecordType = type,
    };

    private void Post(ProgressRecord record) => _pump.Post(() => _command.WriteProgress(record));

    // A bar is drawn by a host for a person: a few times a second is enough, however fast a store reports.
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
