using Crane.Moving.Run;

namespace Crane.Building;

/// <summary>Builds images, one at a time.</summary>
internal interface IImageBuilder : IAsyncDisposable
{
    /// <summary>The builder's name in results and messages.</summary>
    string Name { get; }

    /// <summary>Builds an image and, at the end, tags it.</summary>
    /// <param name="output">Receives each line of the build's output.</param>
    /// <param name="cancellation">Ends the build; the name stays as it was.</param>
    /// <returns>The store's id of the image.</returns>
    /// <exception cref="CraneException">
    /// BuildFailed, with the failing step, its Dockerfile line and its last output; NotSupportedByBuilder for a key that only another
    /// builder supports; ImageNotFound for a missing base; RegistryUnauthorized, RegistryUnreachable, EngineUnreachable.
    /// </exception>
    Task<string?> BuildAsync(BuildRequest request, Action<BuildLine> output, CancellationToken cancellation);
}

/// <summary>A line of a build's output.</summary>
/// <param name="IsStep">Whether it says which step begins, as in <c>Step 3/7 : RUN make</c>.</param>
internal readonly record struct BuildLine(string Text, bool IsStep = false)
{
    /// <summary>Reports the line as a step of a plan, and the step that begins as its progress.</summary>
    public void Report(RetagPlan plan, IRunObserver observer)
    {
        if (IsStep)
            observer.Progress(plan, new ImageProgress(Text));
        observer.Step(plan, Text);
    }
}

/// <summary>One build.</summary>
/// <param name="Plan">The checked plan.</param>
/// <param name="Options">The options of the run.</param>
/// <param name="Bases">The images of its Dockerfile.</param>
internal sealed record BuildRequest(RetagPlan Plan, BuildOptions Options, BuildBases Bases)
{
    /// <summary>The name of the image.</summary>
    public ImageName Target { get; } = ImageName.Parse(Plan.Target);

    public ContainerBuild Build => Plan.Build!;
}

/// <summary>Options for all builds of a run.</summary>
internal sealed record BuildOptions
{
    /// <summary>Whether every step is run without the cache.</summary>
    public bool NoCache { get; init; }
}

/// <summary>Builds images that depend on each other together, and decides on their order and parallelism.</summary>
internal interface IGraphBuilder : IAsyncDisposable
{
    /// <summary>The builder's name in results and messages.</summary>
    string Name { get; }

    /// <summary>Builds everything that can be built, and tags nothing.</summary>
    /// <param name="builds">The builds, each after those it needs.</param>
    /// <param name="stopOnError">Whether to stop after the first failure.</param>
    /// <param name="output">Receives each line of a build's output, with the index of the build.</param>
    /// <param name="cancellation">Ends all builds.</param>
    /// <returns>The ends of the builds, in their order.</returns>
    /// <exception cref="CraneException">NotSupportedByBuilder, BuildFailed and EngineUnreachable, which concern all builds.</exception>
    Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
        IReadOnlyList<GraphBuild> builds,
        BuildOptions options,
        bool stopOnError,
        Action<int, BuildLine> output,
        CancellationToken cancellation);

    /// <summary>Finds out where it can get base images from.</summary>
    /// <exception cref="CraneException">BuildFailed if there is no such builder.</exception>
    Task<BuilderReach> ReachAsync(CancellationToken cancellation);

    /// <summary>Tags an image that was built.</summary>
    /// <exception cref="CraneException">BuildFailed if it is gone, TagFailed, EngineUnreachable.</exception>
    Task NameAsync(string id, ImageName target, CancellationToken cancellation);
}

/// <summary>One build of a graph.</summary>
/// <param name="Plan">The checked plan.</param>
/// <param name="After">The builds that come first, as indexes of earlier ones.</param>
internal sealed record GraphBuild(RetagPlan Plan, IReadOnlyList<int> After)
{
    /// <summary>The name of the image.</summary>
    public ImageName Target { get; } = ImageName.Parse(Plan.Target);

    public ContainerBuild Build => Plan.Build!;

    /// <summary>The images of its Dockerfile.</summary>
    public BuildBases Bases { get; init; } = BuildBases.None;

    /// <summary>The builds of some nodes of a graph.</summary>
    /// <param name="chosen">Indexes of the nodes, ascending; the images of all others count as existing.</param>
    /// <param name="first">For each node, the index of the first identical one.</param>
    public static IReadOnlyList<GraphBuild> Of(IReadOnlyList<BuildNode> nodes, IReadOnlyList<int> chosen, IReadOnlyList<int> first)
    {
        var positions = chosen.Select((node, position) => (node, position)).ToDictionary(pair => pair.node, pair => pair.position);
        return chosen.Select(index => new GraphBuild(nodes[index].Plan, Positions(nodes[index].After))).ToList();

        List<int> Positions(IReadOnlyList<int> after) =>
            after.Select(earlier => first[earlier]).Where(positions.ContainsKey).Select(earlier => positions[earlier]).ToList();
    }
}

/// <summary>How a build ended. With neither it was not begun, or stopped because of another build or a cancellation.</summary>
internal sealed record GraphBuildEnd(string? Id, CraneException? Error)
{
    public static GraphBuildEnd None { get; } = new(null, null);
}

/// <summary>Options of one run that override the build sections of the crane file.</summary>
internal sealed record BuildOverride
{
    /// <summary>Additional build arguments, <c>NAME=value</c> or <c>NAME</c>.</summary>
    public IReadOnlyList<string> Argument { get; init; } = [];

    /// <summary>The stage to build; null keeps that of the crane file.</summary>
    public string? Target { get; init; }

    /// <summary>The network of RUN steps; null keeps that of the crane file.</summary>
    public string? Network { get; init; }

    /// <summary>The platforms to build for; empty keeps those of the crane file.</summary>
    public IReadOnlyList<string> Platform { get; init; } = [];

    public ContainerBuild ApplyTo(ContainerBuild build) => build with
    {
        // Builders use the last of two arguments with the same name.
        Argument = [.. build.Argument ?? [], .. Argument],
        Target = Target ?? build.Target,
        Network = Network ?? build.Network,
        Platform = Platform.Count > 0 ? Platform : build.Platform,
    };
}
