using Crane.Adapters.Building.Dockerfiles;
using Crane.Adapters.Building.Dockerfiles.Instructions;
using Crane.Adapters.Building.Dockerfiles.Lines;

namespace Crane.Adapters.Building;

/// <summary>A Dockerfile as the engine's own builder goes through it: each instruction a numbered step.</summary>
internal sealed class SteppedDockerfile
{
    private readonly DockerfileSource _source;
    private readonly IReadOnlyList<Instruction> _steps;
    private readonly DockerfileBases _bases;

    private SteppedDockerfile(DockerfileSource source, IReadOnlyList<Instruction> steps, DockerfileBases bases) =>
        (_source, _steps, _bases) = (source, steps, bases);

    /// <summary>The images that the builder needs, each once: it makes every stage down to the target.</summary>
    public IReadOnlyList<ImageName> Images =>
        [.. _bases.DownToTarget.Select(image => ImageName.Parse(image.Name)).Distinct()];

    /// <summary>Reads a Dockerfile.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed, InvalidImageName and InvalidValue where it is faulty, InvalidValue also where it needs BuildKit.
    /// </exception>
    public static SteppedDockerfile Read(string path, DockerfileOptions options)
    {
        var text = DockerfileText.Read(path);
        var bases = DockerfileReader.Read(text, path, options);
        var source = new DockerfileSource(path, text);
        var steps = InstructionReader.Read(source, out var escape);
        EngineLimits.CheckFrontend(source);
        var known = KnownInstructions.Of(source, steps);
        EngineLimits.CheckInstructions(
            source, steps, new AutomaticVariables(source, escape, known, options.BuildArguments), options.Target);
        return new(source, steps, bases);
    }

    /// <summary>Where a step stands; null for one that is not of this file.</summary>
    public SourceLocation? Locate(EngineBuildStep step) =>
        Find(step) is { } instruction ? _source.Locate(instruction.Line) : null;

    /// <summary>The image from outside that a step refers to; null for none.</summary>
    public ImageName? ImageOf(EngineBuildStep step) =>
        Find(step) is { } instruction && _bases.All.FirstOrDefault(image => image.Line == instruction.Line) is { } image
            ? ImageName.Parse(image.Name)
            : null;

    // What RUN prints may look like a step: the keyword must be the instruction's.
    private Instruction? Find(EngineBuildStep step) =>
        step.Number <= _steps.Count && _steps[step.Number - 1] is var instruction
        && step.Instruction.StartsWith(instruction.Keyword, StringComparison.OrdinalIgnoreCase)
            ? instruction
            : null;
}
