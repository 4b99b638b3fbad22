using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Execution;

/// <summary>Runs moves on a store, as a test says them: <c>company/os &lt;- r.co/company/os</c>.</summary>
internal sealed class Runs(MemoryStore store) : IRunObserver, IRetryPolicy
{
    private readonly List<string> _steps = [];
    private readonly List<string> _warnings = [];

    public int ThrottleLimit { get; init; } = 8;

    public bool Force { get; init; }

    public bool StopOnError { get; init; }

    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_steps)
                return [.. _steps];
        }
    }

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
                return [.. _warnings];
        }
    }

    public static CheckedMove Pull(string source, string target, string container = "") => Move(RetagOperation.Pull, source, target, container);

    public static CheckedMove Push(string source, string target, string container = "") => Move(RetagOperation.Push, source, target, container);

    public IAsyncEnumerable<RunOutcome> StreamAsync(IReadOnlyList<CheckedMove> moves, CancellationToken cancellation) =>
        new PlanRunner(new EngineMover(store), this, this, new RunOptions(ThrottleLimit, Force, StopOnError)).RunAsync(moves, cancellation);

    public async Task<IReadOnlyList<RunOutcome>> AllAsync(params CheckedMove[] moves)
    {
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in StreamAsync(moves, TestContext.Current.CancellationToken))
            outcomes.Add(outcome);
        return outcomes;
    }

    public async Task<RunOutcome> OneAsync(CheckedMove move) => Assert.Single(await AllAsync(move));

    public void Step(RetagPlan plan, string message)
    {
        lock (_steps)
            _steps.Add(message);
    }

    public void Warn(RetagPlan plan, string message)
    {
        lock (_warnings)
            _warnings.Add(message);
    }

    public void Warn(string message)
    {
        lock (_warnings)
            _warnings.Add(message);
    }

    public void Note(string message) => Step(null!, message);

    public void Progress(RetagPlan plan, ImageProgress progress)
    {
    }

    public void Ended(RetagPlan plan)
    {
    }

    // Two tries, without a pause.
    public async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation)
    {
        try
        {
            return await work(cancellation);
        }
        catch (CraneException error) when (error.IsTransient)
        {
            retrying(error, TimeSpan.Zero);
            return await work(cancellation);
        }
    }

    private static CheckedMove Move(RetagOperation operation, string source, string target, string container) =>
        CheckedMove.Check(new RetagPlan { Container = container, Operation = operation, Source = source, Target = target });
}
