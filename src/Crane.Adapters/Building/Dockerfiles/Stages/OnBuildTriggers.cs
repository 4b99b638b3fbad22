using Crane.Adapters.Building.Dockerfiles.Lines;

namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>
/// What the ONBUILD instructions of a stage need in the stages made from it. Those of images from outside are in their
/// configuration, which is not seen here.
/// </summary>
internal sealed class OnBuildTriggers(DockerfileSource source, StageNames names)
{
    /// <summary>The needs of all triggers; one that cannot be read is a need with a fault, since BuildKit reads it only where it runs.</summary>
    public IReadOnlyList<StageNeed> NeedsOf(Stage stage) => [.. stage.Commands.OfType<OnBuild>().SelectMany(NeedsOf)];

    private IReadOnlyList<StageNeed> NeedsOf(OnBuild trigger)
    {
        try
        {
            // BuildKit reads it as a Dockerfile of its own, whose escape character is the usual one.
            var instructions = InstructionReader.Read(source.Embed(trigger.Text, trigger.Line), out _);
            return instructions is [var instruction]
                ? [.. source.At(trigger.Line, () => StageReader.Commands(instruction with { Line = trigger.Line })).SelectMany(names.NeedsOf)]
                : throw source.Fault(trigger.Line, "ONBUILD holds one instruction");
        }
        catch (CraneException fault)
        {
            return [new(trigger.Line, "", default, fault)];
        }
    }
}
