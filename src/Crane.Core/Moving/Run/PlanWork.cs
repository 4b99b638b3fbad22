using System.Diagnostics;

namespace Crane.Moving.Run;

/// <summary>Runs the work of one plan. There is always an outcome.</summary>
internal sealed class PlanWork(RetagPlan plan, string engine, IRunObserver observer)
{
    public async Task<RunOutcome> RunAsync(Func<Task<PlanEnd>> work, Func<long> movedBytes, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var end = await work();
            return new RunOutcome(end.ApplyTo(Result()), null);
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

    /// <summary>The outcome of work that was canceled before its start.</summary>
    public RunOutcome Canceled() => new(new RetagResult(plan) { Status = RetagStatus.Canceled, Engine = engine }, null);
}

/// <summary>How a plan succeeded.</summary>
/// <param name="Status">Succeeded or UpToDate.</param>
/// <param name="Digest">The digest of source and target, or the id of the built image; null if unknown.</param>
internal sealed record PlanEnd(RetagStatus Status, string? Digest)
{
    /// <inheritdoc cref="RetagResult.PreviousDigest"/>
    public string? PreviousDigest { get; init; }

    /// <inheritdoc cref="RetagResult.PreviousId"/>
    public string? PreviousId { get; init; }

    /// <inheritdoc cref="RetagResult.ImageSizeBytes"/>
    public long? ImageSizeBytes { get; init; }

    public RetagResult ApplyTo(RetagResult result) => result with
    {
        Status = Status,
        Digest = Digest,
        PreviousDigest = PreviousDigest,
        PreviousId = PreviousId,
        ImageSizeBytes = ImageSizeBytes,
    };
}

/// <summary>The result of a plan, and the error if it failed.</summary>
internal sealed record RunOutcome(RetagResult Result, CraneException? Error)
{
    /// <summary>Whether there was no such image. No other error, such as a wrong password, may cause a build instead.</summary>
    public bool IsOfMissingImage => Error is { Id: CraneErrorId.ImageNotFound };

    /// <summary>The outcome of a failed plan, which is the subject of the error.</summary>
    public static RunOutcome Failed(RetagResult result, CraneException error) =>
        new(result with { Status = RetagStatus.Failed, Error = error.Message }, error.About(result.Plan));
}
