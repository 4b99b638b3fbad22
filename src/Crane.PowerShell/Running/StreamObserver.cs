using Crane.Commands.Base;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>Shows a run in PowerShell's streams: steps to Verbose, requests to Debug, what is being done to Progress.</summary>
/// <param name="progress">The progress of a run; null for work that shows none.</param>
internal sealed class StreamObserver(CraneCommand command, PipelinePump pump, RunProgress? progress = null) : IRunObserver
{
    private readonly HashSet<string> _warnings = new(StringComparer.Ordinal);

    /// <summary>Writes a debug line; null if they are not shown.</summary>
    public Action<string>? Trace => command.ShowsDebug ? line => pump.Post(() => command.WriteDebug(line)) : null;

    /// <summary>Returns the request with its store's messages shown here.</summary>
    public StoreRequest Watch(StoreRequest request) => request with { Trace = Trace, Step = Note, Warn = Warn };

    /// <summary>Writes a warning, but not the same one twice.</summary>
    public void Warn(string message) => pump.Post(() =>
    {
        if (_warnings.Add(message))
            command.WriteWarning(message);
    });

    public void Step(RetagPlan plan, string text) => Note(Line(plan, text));

    public void Warn(RetagPlan plan, string text) => Warn(Line(plan, text));

    public void Note(string message)
    {
        if (command.ShowsVerbose)
            pump.Post(() => command.WriteVerbose(message));
    }

    public void Progress(RetagPlan plan, ImageProgress news) => progress?.Take(plan, news);

    public void Ended(RetagPlan plan) => progress?.End(plan);

    private static string Line(RetagPlan plan, string text) => plan.Container.Length > 0 ? $"{plan.Container}: {text}" : text;
}
