using Crane.Adapters.Dockerfiles;
using Crane.Errors;

namespace Crane.Adapters.Building;

/// <summary>A Dockerfile as the engine's own builder runs it: each instruction is a numbered step.</summary>
internal sealed class SteppedDockerfile
{
    private readonly DockerfileSource _source;
    private readonly IReadOnlyList<Instruction> _steps;
    private readonly DockerfileBases _bases;

    private readonly string _text;

    private SteppedDockerfile(string text, DockerfileSource source, IReadOnlyList<Instruction> steps, DockerfileBases bases) =>
        (_text, _source, _steps, _bases) = (text, source, steps, bases);

    /// <summary>The images that the builder needs: it builds every stage up to the target.</summary>
    public IReadOnlyList<ImageName> Images =>
        [.. _bases.DownToTarget.Select(image => ImageName.Parse(image.Name)).Distinct()];

    /// <summary>Reads a Dockerfile.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed, InvalidImageName or InvalidValue where it is invalid, NotSupportedByBuilder where it needs BuildKit.
    /// </exception>
    public static SteppedDockerfile Read(string path, DockerfileOptions options)
    {
        var dockerfile = ParsedDockerfile.Read(path);
        var bases = dockerfile.Bases(options);
        EngineLimits.CheckFrontend(dockerfile.Source);
        EngineLimits.CheckInstructions(
            dockerfile.Source, dockerfile.Instructions,
            new AutomaticVariables(dockerfile.Source, dockerfile.Escape, dockerfile.KnownInstructions, options.BuildArguments),
            options.Target);
        // The engine would take it for an image, and look for it in a registry.
        if (bases.LaterNeed is { } need)
            throw EngineLimits.NeedsBuildKit(
                dockerfile.Source.Locate(need.Line), $"--from with the stage {VisibleText.Quote(need.From)}, which comes later");
        return new(dockerfile.Text, dockerfile.Source, dockerfile.Instructions, bases);
    }

    /// <summary>
    /// The Dockerfile with other names for images, where a name means another image than in the engine; null where none does. Every
    /// line keeps its number.
    /// </summary>
    /// <exception cref="CraneException">NotSupportedByBuilder for a name in an ONBUILD, which the image would keep.</exception>
    public string? WithNames(Func<ImageName, ImageName> meant)
    {
        var lines = _text.Split('\n');
        var isChanged = false;
        foreach (var reference in _bases.References)
        {
            var name = ImageName.Parse(reference.Name);
            if (meant(name) is var image && image == name)
                continue;
            var instruction = _steps.First(step => step.Line == reference.Line);
            lines[instruction.Line - 1] = Renamed(instruction, image.ToString());
            lines.AsSpan(instruction.Line, instruction.LastLine - instruction.Line).Clear();
            isChanged = true;
        }

        return isChanged ? string.Join('\n', lines) : null;
    }

    private string Renamed(Instruction instruction, string name)
    {
        if (instruction.Keyword == "FROM")
            return string.Join(' ', ["FROM", .. instruction.Flags, name, .. instruction.Arguments.Values.Skip(1)]);
        if (instruction.Flags.FirstOrDefault(flag => flag.StartsWith("--from=", StringComparison.Ordinal)) is { } from
            && instruction.Text.IndexOf(from, StringComparison.Ordinal) is >= 0 and var start)
        {
            return $"{instruction.Text[..start]}--from={name}{instruction.Text[(start + from.Length)..]}";
        }

        throw EngineLimits.NeedsBuildKit(
            _source.Locate(instruction.Line), $"{instruction.Keyword} with an image that this run tags otherwise or pins by digest");
    }

    /// <summary>The location of a step; null for one that is not of this file.</summary>
    public SourceLocation? Locate(EngineBuildStep step) =>
        Find(step) is { } instruction ? _source.Locate(instruction.Line) : null;

    /// <summary>The image from outside that a step refers to; null for none.</summary>
    public ImageName? ImageOf(EngineBuildStep step) =>
        Find(step) is { } instruction && _bases.All.FirstOrDefault(image => image.Line == instruction.Line) is { } image
            ? ImageName.Parse(image.Name)
            : null;

    // The output of RUN may look like a step: the keyword must match.
    private Instruction? Find(EngineBuildStep step) =>
        step.Number <= _steps.Count && _steps[step.Number - 1] is var instruction
        && step.Instruction.StartsWith(instruction.Keyword, StringComparison.OrdinalIgnoreCase)
            ? instruction
            : null;
}
