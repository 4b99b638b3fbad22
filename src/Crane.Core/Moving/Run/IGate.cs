namespace Crane.Moving.Run;

/// <summary>Decides whether an image that has arrived may have its name: a scan, a signature check, a test, an approval.</summary>
internal interface IGate
{
    /// <summary>Whether it decides about the image of a plan.</summary>
    bool Guards(RetagPlan plan);

    /// <summary>Returns if the image may have its name.</summary>
    /// <exception cref="CraneException">GateFailed.</exception>
    Task CheckAsync(MoveContext run, StagedImage image, CancellationToken cancellation);
}
