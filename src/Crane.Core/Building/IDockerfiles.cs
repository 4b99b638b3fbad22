namespace Crane.Building;

/// <summary>Reads which images a build starts from. Touches the disk and nothing else.</summary>
internal interface IDockerfiles
{
    /// <summary>The images that the build of a context needs, those of stages that its target leaves out excepted.</summary>
    /// <returns>Nothing for a context that is not on this machine: only its builder sees that Dockerfile.</returns>
    /// <exception cref="CraneException">BuildFailed for a Dockerfile that is missing or cannot be read.</exception>
    DockerfileImages Read(ContainerBuild build);
}

/// <summary>The images that a Dockerfile needs.</summary>
/// <param name="Parent">The image whose layers the result begins with; null for <c>scratch</c>, or where it is not known.</param>
/// <param name="Images">All of them, each once, in the order of the Dockerfile; for one platform after the other.</param>
internal sealed record DockerfileImages(string? Parent, IReadOnlyList<DockerfileImage> Images)
{
    public static DockerfileImages Unknown { get; } = new(null, []);

    /// <summary>
    /// The images of stages above the target that this does not need. The engine's own builder makes those stages all the same.
    /// </summary>
    public IReadOnlyList<DockerfileImage> Unneeded { get; init; } = [];

    /// <summary>The stages that the target needs, itself among them, by their names in lower case.</summary>
    public IReadOnlyDictionary<string, SourceLocation> Stages { get; init; } = new Dictionary<string, SourceLocation>();
}

/// <summary>An image that a Dockerfile needs, and where it says so.</summary>
/// <param name="Name">Its name, variables expanded.</param>
/// <param name="File">Full path of the Dockerfile.</param>
/// <param name="Line">Line in it, counted from 1.</param>
internal sealed record DockerfileImage(string Name, string File, int Line);
