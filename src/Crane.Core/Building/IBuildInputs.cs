namespace Crane.Building;

/// <summary>Reads what images are built from. Touches this machine's disk and, for a remote context, its server.</summary>
internal interface IBuildInputs
{
    /// <summary>Reads what a build would be made from now.</summary>
    /// <param name="plan">The build.</param>
    /// <param name="built">What its image was built from; null where that is not known, or it is about to be built.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Null where nobody can tell, as of a remote context whose server does not say what it has.</returns>
    /// <exception cref="CraneException">BuildFailed for a context or a Dockerfile that is missing or cannot be read.</exception>
    Task<InputReading?> ReadAsync(RetagPlan plan, BuildInputs? built, CancellationToken cancellation);
}

/// <summary>What a build would be made from.</summary>
/// <param name="Inputs">All but the images that it starts from.</param>
/// <param name="Bases">Those images.</param>
/// <param name="ContextChange">What has changed in the context, as a clause; null where nothing has, or it is not known what.</param>
internal sealed record InputReading(BuildInputs Inputs, IReadOnlyList<ImageName> Bases, string? ContextChange);
