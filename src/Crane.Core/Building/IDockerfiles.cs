namespace Crane.Building;

/// <summary>Reads the images of Dockerfiles on disk.</summary>
internal interface IDockerfiles
{
    /// <summary>Reads the images that a build needs, without those of stages that its target does not need.</summary>
    /// <returns>Nothing for a remote context, whose Dockerfile only the builder sees.</returns>
    /// <exception cref="CraneException">BuildFailed for a Dockerfile that is missing or cannot be read.</exception>
    DockerfileImages Read(ContainerBuild build);
}

/// <summary>The images that a Dockerfile needs.</summary>
/// <param name="Parent">The image whose layers the result begins with; null for <c>scratch</c>, or if unknown.</param>
/// <param name="Images">All images, each once, in the order of the Dockerfile, platform by platform.</param>
internal sealed record DockerfileImages(string? Parent, IReadOnlyList<DockerfileImage> Images)
{
    public static DockerfileImages Unknown { get; } = new(null, []);

    /// <summary>The images of stages before the target that it does not need, but the engine's own builder builds.</summary>
    public IReadOnlyList<DockerfileImage> Unneeded { get; init; } = [];

    /// <summary>The target and the stages that it needs, by their names in lower case.</summary>
    public IReadOnlyDictionary<string, SourceLocation> Stages { get; init; } = new Dictionary<string, SourceLocation>();
}

/// <summary>An image in a Dockerfile, and its location.</summary>
/// <param name="Name">Its name, with variables expanded, or the image that a named context puts in its place.</param>
internal sealed record DockerfileImage(string Name, string File, int Line)
{
    /// <summary>The name of the context that the image replaces; null without one.</summary>
    public string? Context { get; init; }
}
