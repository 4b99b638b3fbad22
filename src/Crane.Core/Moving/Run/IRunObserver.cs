namespace Crane.Moving.Run;

/// <summary>Is told what a run is doing, from any thread, in the order in which it happens.</summary>
internal interface IRunObserver
{
    /// <summary>A step of a plan begins; the text is a sentence for a log.</summary>
    void Step(RetagPlan plan, string text);

    /// <summary>Something about a plan that the user should know beside its result.</summary>
    void Warn(RetagPlan plan, string text);

    /// <summary>Something about the run as a whole; the text is a sentence for a log.</summary>
    void Note(string text);

    /// <summary>A plan's image has come further.</summary>
    void Progress(RetagPlan plan, MoveProgress progress);

    /// <summary>A plan has ended, however it did.</summary>
    void Ended(RetagPlan plan);
}

/// <summary>How far an image is, all of its layers taken together.</summary>
/// <param name="Phase">What is being done, as the store says it.</param>
/// <param name="CurrentBytes">Bytes moved over the network.</param>
/// <param name="TotalBytes">Bytes to move, as far as that is known; it grows while layers are met.</param>
internal readonly record struct MoveProgress(string Phase, long CurrentBytes, long TotalBytes);
