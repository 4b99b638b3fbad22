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
    /// BuildFailed, with the failing step, its Dockerfile line and its last output; NotSupportedByBuilder for a key that this builder
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

/// <summary>Builds images that stand on each other in one go, in the order and with the parallelism that it finds.</summary>
internal interface IGraphBuilder : IAsyncDisposable
{
    /// <summary>How the builder is called in results and messages.</summary>
    string Name { get; }

    /// <summary>Builds all that can be built, and names none of it: a name means what it meant before.</summary>
    /// <param name="builds">What to build, each after those it needs.</param>
    /// <param name="options">How to build all of them.</param>
    /// <param name="stopOnError">Whether nothing more is built after the first failure.</param>
    /// <param name="step">Takes each line that a build says, with the index of the build.</param>
    /// <param name="cancellation">Ends all builds.</param>
    /// <returns>How each build ended, in their order.</returns>
    /// <exception cref="CraneException">
    /// Why nothing can be built at all: NotSupportedByBuilder, BuildFailed, EngineUnreachable.
    /// </exception>
    Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
        IReadOnlyList<GraphBuild> builds,
        BuildOptions options,
        bool stopOnError,
        Action<int, string> step,
        CancellationToken cancellation);

    /// <summary>Where it can take bases from.</summary>
    /// <exception cref="CraneException">BuildFailed where there is no such builder.</exception>
    Task<BuilderReach> ReachAsync(CancellationToken cancellation);

    /// <summary>Gives what was built its name, at once.</summary>
    /// <exception cref="CraneException">BuildFailed where it is gone, TagFailed, EngineUnreachable.</exception>
    Task NameAsync(string id, ImageName target, CancellationToken cancellation);
}

/// <summary>One of the images to build.</summary>
/// <param name="Plan">What is built, and how; it is checked.</param>
/// <param name="After">The builds that come first, as indexes of earlier ones.</param>
internal sealed record GraphBuild(RetagPlan Plan, IReadOnlyList<int> After)
{
    /// <summary>The name that the image gets.</summary>
    public ImageName Target { get; } = ImageName.Parse(Plan.Target);

    /// <summary>How it is built.</summary>
    public ContainerBuild Build => Plan.Build!;

    /// <summary>What the images are that its Dockerfile names.</summary>
    public BuildBases Bases { get; init; } = BuildBases.None;

    /// <summary>The builds of some nodes of a graph.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="chosen">Indexes of the nodes, ascending; what is not among them counts as there.</param>
    /// <param name="first">For each node, the index of the first one that does the same.</param>
    public static IReadOnlyList<GraphBuild> Of(IReadOnlyList<BuildNode> nodes, IReadOnlyList<int> chosen, IReadOnlyList<int> first)
    {
        var place = chosen.Select((node, position) => (node, position)).ToDictionary(pair => pair.node, pair => pair.position);
        return chosen.Select(index => new GraphBuild(
            nodes[index].Plan,
            nodes[index].After.Select(earlier => first[earlier]).Where(place.ContainsKey).Select(earlier => place[earlier]).ToList())).ToList();
    }
}

/// <summary>How a build ended. With neither it was not begun, or not ended: one that it needs has failed, or the run was stopped.</summary>
/// <param name="Id">The store's id of the image that was built.</param>
/// <param name="Error">Why it was not built.</param>
internal sealed record GraphBuildEnd(string? Id, CraneException? Error)
{
    public static GraphBuildEnd None { get; } = new(null, null);
}
