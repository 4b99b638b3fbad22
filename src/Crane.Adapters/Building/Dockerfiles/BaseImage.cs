namespace Crane.Adapters.Building.Dockerfiles;

/// <summary>An image from outside that a Dockerfile refers to.</summary>
/// <param name="Name">The image's name as written, with its variables expanded.</param>
/// <param name="Line">Line of the instruction that refers to it first, counted from 1.</param>
/// <param name="Instruction">That instruction: <c>FROM</c>, <c>COPY</c> or <c>RUN</c>.</param>
internal sealed record BaseImage(string Name, int Line, string Instruction);
