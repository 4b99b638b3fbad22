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

    /// <summary>The progress of a plan's image.</summary>
    void Progress(RetagPlan plan, MoveProgress progress);

    /// <summary>A plan has ended, successfully or not.</summary>
    void Ended(RetagPlan plan);
}

/// <summary>The progress of an image, over all of its layers.</summary>
/// <param name="Phase">The phase, as the store calls it.</param>
/// <param name="CurrentBytes">Bytes transferred.</param>
/// <param name="TotalBytes">Bytes to transfer, as far as known; it grows with the layers found.</param>
internal readonly record struct MoveProgress(string Phase, long CurrentBytes, long TotalBytes);
