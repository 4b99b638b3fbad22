namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// What the ONBUILD instructions of a stage need in the stages made from it. Those of images from outside are in their
/// configuration, which is not seen here.
/// </summary>
internal sealed class OnBuildTriggers(DockerfileSource source, IReadOnlyList<Stage> stages, StageNames names)
{
    // Many stages made from one with many triggers come to the product of both.
    private const int Limit = 100_000;

    private readonly Dictionary<int, IReadOnlyList<StageNeed>> _needs = [];
    private int _count;

    /// <summary>
    /// What the triggers of a stage need in a stage made from it. A trigger that cannot be read is a need with a error,
    /// since BuildKit reads it only where it runs.
    /// </summary>
    /// <exception cref="CraneException">BuildFailed for more triggers than any Dockerfile needs.</exception>
    public IReadOnlyList<StageNeed> NeedsIn(Stage stage, int parent)
    {
        if (!_needs.TryGetValue(parent, out var needs))
            _needs.Add(parent, needs = [.. stages[parent].Commands.OfType<OnBuild>().SelectMany(NeedsOf)]);
        _count += needs.Count;
        return _count <= Limit ? needs : throw source.Error(stage.Line, $"ONBUILD comes to more than {Limit} instructions");
    }

    private IReadOnlyList<StageNeed> NeedsOf(OnBuild trigger)
    {
        try
        {
            // BuildKit reads it as a Dockerfile of its own, whose escape character is the usual one.
            var instructions = InstructionReader.Read(source.Embed(trigger.Text, trigger.Line), out _);
            if (instructions is not [_])
                throw source.Error(trigger.Line, "ONBUILD holds one instruction");
            var commands = source.At(trigger.Line, () => InstructionRules.Known(source, instructions)
                .SelectMany(instruction => StageReader.Commands(instruction with { Line = trigger.Line })).ToList());
            return [.. commands.SelectMany(names.NeedsOf)];
        }
        catch (CraneException error)
        {
            return [new(trigger.Line, "", default, error)];
        }
    }
}
