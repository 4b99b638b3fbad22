namespace Crane.Building;

/// <summary>Builds images, one at a time.</summary>
internal interface IImageBuilder : IAsyncDisposable
{
    /// <summary>How the builder is called in results and messages.</summary>
    string Name { get; }

    /// <summary>Builds an image from its context and gives it its name, at the end and at once.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="step">Takes each line that the build says, as it says it.</param>
    /// <param name="cancellation">Ends the build; the name then means what it meant before.</param>
    /// <returns>The store's id of the image.</returns>
    /// <exception cref="CraneException">
    /// BuildFailed, with the failing step, its Dockerfile line and its last output; InvalidValue for a key that this builder
    /// cannot do, naming the one that can; ImageNotFound for a base that exists nowhere; RegistryUnauthorized,
    /// RegistryUnreachable, EngineUnreachable.
    /// </exception>
    Task<string?> BuildAsync(BuildRequest request, Action<string> step, CancellationToken cancellation);
}

/// <summary>What is built.</summary>
/// <param name="Plan">What is built, and how; it is checked.</param>
/// <param name="Options">What the user adds for this run.</param>
/// <param name="Bases">What the images are that its Dockerfile names.</param>
internal sealed record BuildRequest(RetagPlan Plan, BuildOptions Options, BuildBases Bases)
{
    /// <summary>The name that the image gets.</summary>
    public ImageName Target { get; } = ImageName.Parse(Plan.Target);

    /// <summary>How it is built.</summary>
    public ContainerBuild Build => Plan.Build!;
}

/// <summary>What a run adds to every build of it.</summary>
internal sealed record BuildOptions
{
    /// <summary>Whether every step is done anew.</summary>
    public bool NoCache { get; init; }
}
