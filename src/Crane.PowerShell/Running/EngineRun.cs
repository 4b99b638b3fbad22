using System.Runtime.CompilerServices;
using Crane.Moving.Run;

namespace Crane.Running;

/// <summary>
/// The run of plans on one of several engines. It has begun, and continues while its outcomes are not read yet, so that engines work
/// at the same time.
/// </summary>
internal sealed class EngineRun : IAsyncDisposable
{
    private readonly IAsyncEnumerator<RunOutcome> _outcomes;
    private Task<bool> _next;

    public EngineRun(IAsyncEnumerable<RunOutcome> outcomes, CancellationToken cancellation)
    {
        _outcomes = outcomes.GetAsyncEnumerator(cancellation);
        _next = _outcomes.MoveNextAsync().AsTask();
    }

    /// <summary>Returns the next outcome; null at the end, where errors of the whole run are thrown.</summary>
    public async Task<RunOutcome?> NextAsync()
    {
        if (!await _next)
            return null;
        var outcome = _outcomes.Current;
        _next = _outcomes.MoveNextAsync().AsTask();
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        await _next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _outcomes.DisposeAsync();
    }
}

/// <summary>Runs plans on several engines.</summary>
internal static class EngineRuns
{
    /// <summary>All engines at the same time: the outcomes of the first plan, one for each engine, then those of the second plan.</summary>
    public static async IAsyncEnumerable<RunOutcome> Together(
        IReadOnlyList<IAsyncEnumerable<RunOutcome>> runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var begun = runs.Select(run => new EngineRun(run, cancellation)).ToList();
        try
        {
            for (var isNext = true; isNext;)
            {
                isNext = false;
                foreach (var run in begun)
                {
                    if (await run.NextAsync() is not { } outcome)
                        continue;
                    isNext = true;
                    yield return outcome;
                }
            }
        }
        finally
        {
            foreach (var run in begun)
                await run.DisposeAsync();
        }
    }

    /// <summary>One engine after another: all outcomes of the first, then all of the second.</summary>
    public static async IAsyncEnumerable<RunOutcome> InTurn(
        IReadOnlyList<IAsyncEnumerable<RunOutcome>> runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var run in runs)
        {
            await foreach (var outcome in run.WithCancellation(cancellation))
                yield return outcome;
        }
    }

    /// <summary>Where an action takes place, for the question whether to do it; nothing for a single engine.</summary>
    public static string Place(IReadOnlyList<EngineChoice> engines) =>
        engines.Count == 1 ? "" : $" on {string.Join(", ", engines.Select(engine => engine.Engine))}";
}
