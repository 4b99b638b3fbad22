using System.Diagnostics;

namespace Crane.Moving.Run;

/// <summary>The work of one plan, and how its end becomes an outcome: whatever happens, there is one.</summary>
internal sealed class PlanWork(RetagPlan plan, string engine, IRunObserver observer)
{
    /// <summary>Runs the work.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="movedBytes">Bytes moved so far, asked for at the end.</param>
    /// <param name="cancellation">The token that the work was given.</param>
    public async Task<RunOutcome> RunAsync(Func<Task<PlanEnd>> work, Func<long> movedBytes, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var end = await work();
            return new RunOutcome(Result() with { Status = end.Status, Digest = end.Digest }, null);
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            return RunOutcome.Failed(Result(), CraneException.From(failure));
        }
        catch (OperationCanceledException)
        {
            return new RunOutcome(Result() with { Status = RetagStatus.Canceled }, null);
        }
        finally
        {
            observer.Ended(plan);
        }

        RetagResult Result() => new(plan) { SizeBytes = movedBytes(), Duration = watch.Elapsed, Engine = engine };
    }

    /// <summary>The outcome of work that was canceled before it began.</summary>
    public RunOutcome Canceled() => new(new RetagResult(plan) { Status = RetagStatus.Canceled, Engine = engine }, null);
}

/// <summary>What a plan came to.</summary>
/// <param name="Status">Succeeded or UpToDate.</param>
/// <param name="Digest">The digest that source and target have in common, or the id of what was built; null if it is not known.</param>
internal readonly record struct PlanEnd(RetagStatus Status, string? Digest);

/// <summary>How a plan ended: its result, and the error of a failed one.</summary>
internal sealed record RunOutcome(RetagResult Result, CraneException? Error)
{
    /// <summary>
    /// Whether there was no such image. No other failure is made good by a build: a wrong password or a registry that is down
    /// must not decide what an image is made of.
    /// </summary>
    public bool IsOfMissingImage => Error is { Id: CraneErrorId.ImageNotFound };

    /// <summary>The end of a plan that failed; the plan is the error's target.</summary>
    public static RunOutcome Failed(RetagResult result, CraneException error) =>
        new(result with { Status = RetagStatus.Failed, Error = error.Message }, error.About(result.Plan));
}
