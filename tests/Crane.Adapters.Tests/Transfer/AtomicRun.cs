using System.Diagnostics;
using System.Globalization;
using System.Net;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>An atomic run of a stack, in this process or in one that can be killed.</summary>
/// <param name="Engine">An engine or folder that images are pulled to; <c>copy</c> for copies between registries.</param>
/// <param name="Source">The repository of each image, without its number.</param>
/// <param name="Target">Their names in the target, without their number.</param>
/// <param name="Count">How many images there are.</param>
internal sealed record AtomicRun(string Engine, string Source, string Target, int Count)
{
    /// <summary>What the first argument of the process is.</summary>
    public const string Verb = "atomic-run";

    private RetagOperation Operation => Engine == "copy" ? RetagOperation.Copy : RetagOperation.Pull;

    private IReadOnlyList<CheckedMove> Moves => [.. Enumerable.Range(1, Count).Select(number => CheckedMove.Check(new RetagPlan
    {
        Operation = Operation, Source = $"{Source}{number}:1", Target = $"{Target}{number}:1",
    }))];

    public static async Task<int> RunChildAsync(string[] arguments)
    {
        var count = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        var run = new AtomicRun(arguments[0], arguments[1], arguments[2], count);
        var outcomes = await run.RunAsync(new AdapterSet().Journal, CancellationToken.None);
        return outcomes.Count(outcome => outcome.Error is not null);
    }

    /// <summary>Runs it with a journal; outcomes are in the order of the images.</summary>
    public async Task<IReadOnlyList<RunOutcome>> RunAsync(IJournal journal, CancellationToken cancellation)
    {
        var adapters = new AdapterSet();
        await using var mover = await OpenAsync(adapters, cancellation);
        var options = new RunOptions(8, Force: false, StopOnError: false) { IsAtomic = true, Journal = journal };
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in new PlanRunner(mover, adapters.Retry, new NoObserver(), options).RunAsync(Moves, cancellation))
            outcomes.Add(outcome);
        return outcomes;
    }

    /// <summary>Runs it in a process of its own.</summary>
    /// <param name="state">Where the process keeps its journal.</param>
    public Process Start(string state) => Process.Start(new ProcessStartInfo(
        "dotnet", [typeof(AtomicRun).Assembly.Location, Verb, Engine, Source, Target, $"{Count}"])
    {
        Environment = { ["XDG_STATE_HOME"] = state },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>The ids or digests of the targets; null for none.</summary>
    public async Task<IReadOnlyList<string?>> NamesAsync(CancellationToken cancellation)
    {
        await using var mover = await OpenAsync(new AdapterSet(), cancellation);
        var names = mover.NamesOf(Operation);
        var found = new List<string?>();
        foreach (var move in Moves)
            found.Add(await names.FindAsync(move.Target, cancellation));
        return found;
    }

    private Task<IMover> OpenAsync(AdapterSet adapters, CancellationToken cancellation)
    {
        var request = new StoreRequest(Operation == RetagOperation.Copy ? null : Engine, new Dictionary<string, NetworkCredential>());
        return Operation == RetagOperation.Copy
            ? adapters.OpenCopierAsync(request, new TransferOptions(), 8, cancellation)
            : adapters.OpenMoverAsync(request, 8, cancellation);
    }

    private sealed class NoObserver : IRunObserver
    {
        public void Step(RetagPlan plan, string message)
        {
        }

        public void Warn(RetagPlan plan, string message)
        {
        }

        public void Warn(string message)
        {
        }

        public void Note(string message)
        {
        }

        public void Progress(RetagPlan plan, ImageProgress progress)
        {
        }

        public void Ended(RetagPlan plan)
        {
        }
    }
}
