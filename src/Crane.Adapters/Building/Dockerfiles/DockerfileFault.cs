namespace Crane.Adapters.Building.Dockerfiles;

/// <summary>
/// What is wrong with a piece of a Dockerfile, where the piece does not know its place; <see cref="DockerfileSource"/>
/// makes the error of it. It never leaves this folder.
/// </summary>
/// <param name="problem">What is wrong, as a clause.</param>
/// <param name="advice">What to do, as a sentence; null where the problem says it.</param>
internal sealed class DockerfileFault(string problem, string? advice = null) : FormatException(problem)
{
    public string? Advice { get; } = advice;
}
