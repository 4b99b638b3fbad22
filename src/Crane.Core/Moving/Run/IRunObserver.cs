namespace Crane.Moving.Run;

/// <summary>Receives the events of a run in their order, on any thread.</summary>
internal interface IRunObserver
{
    /// <summary>A step of a plan begins.</summary>
    void Step(RetagPlan plan, string message);

    /// <summary>A warning about a plan.</summary>
    void Warn(RetagPlan plan, string message);

    /// <summary>A warning about the whole run.</summary>
    void Warn(string message);

    /// <summary>A message about the whole run.</summary>
    void Note(string message);

    /// <summary>What is being done with the image of a plan.</summary>
    void Progress(RetagPlan plan, ImageProgress progress);

    /// <summary>A plan has ended, successfully or not.</summary>
    void Ended(RetagPlan plan);
}

/// <summary>What is being done with an image: bytes over all of its layers, or a step.</summary>
/// <param name="Phase">The phase, as the store calls it, or the step of a build.</param>
/// <param name="CurrentBytes">Bytes transferred.</param>
/// <param name="TotalBytes">Bytes to transfer, as far as known; it grows with the layers found. 0 for a step.</param>
internal readonly record struct ImageProgress(string Phase, long CurrentBytes = 0, long TotalBytes = 0);
