using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The stages of a Dockerfile and their dependencies.</summary>
internal sealed class StageGraph
{
    private readonly DockerfileSource _source;
    private readonly IReadOnlyList<StageNode> _nodes;

    /// <exception cref="CraneException">BuildFailed for an invalid reference, or a dependency cycle; InvalidImageName.</exception>
    public StageGraph(DockerfileSource source, IReadOnlyList<Stage> stages, IReadOnlyList<StageOrImage> bases, StageNames names)
    {
        _source = source;
        var needs = stages.Select(stage => stage.Commands.SelectMany(names.NeedsOf).ToList()).ToList();
        if (FindCycle(needs) is { } cycle)
            throw Cyclic(source, stages, cycle, needs[cycle[^2]].First(need => need.Source.Stage == cycle[^1]).Line);
        var triggers = new OnBuildTriggers(source, stages, names);
        _nodes = [.. stages.Select((stage, index) => new StageNode(
            stage, bases[index], needs[index], bases[index].Stage is { } parent ? triggers.NeedsIn(stage, parent) : []))];
    }

    public IReadOnlyList<BaseImage> Images => Distinct(_nodes);

    /// <summary>The images that a stage needs, directly or through others, each once.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for errors that BuildKit reports only for these stages, such as a reference to a later stage.
    /// </exception>
    public IReadOnlyList<BaseImage> ImagesFor(int target)
    {
        var needed = NeededFor(target);
        foreach (var index in needed)
            Check(index);
        return Distinct(needed.Select(index => _nodes[index]));
    }

    /// <summary>The images of a stage and all stages before it, needed or not, each once.</summary>
    public IReadOnlyList<BaseImage> ImagesDownTo(int target) => Distinct(_nodes.Take(target + 1));

    /// <summary>The same, once for each instruction.</summary>
    public IReadOnlyList<BaseImage> ReferencesDownTo(int target) => [.. _nodes.Take(target + 1).SelectMany(node => node.Images)];

    /// <summary>What a stage or one before it needs from a stage after it, needed or not; null for nothing.</summary>
    public StageNeed? LaterNeedDownTo(int target) => _nodes.Take(target + 1)
        .SelectMany((node, index) => node.AllNeeds.Where(need => need.Source.Stage > index)).FirstOrDefault();

    /// <summary>The named stages that a stage needs, including itself.</summary>
    public IReadOnlyList<Stage> StagesFor(int target) =>
        [.. NeededFor(target).Select(index => _nodes[index].Stage).Where(stage => stage.Name.Length > 0)];

    /// <summary>The image that a stage is based on, through the stages in between; null for <c>scratch</c>.</summary>
    public BaseImage? ParentOf(int target)
    {
        var source = _nodes[target].Base;
        while (source.Stage is { } stage)
            source = _nodes[stage].Base;
        return source.Image;
    }

    private SortedSet<int> NeededFor(int target)
    {
        var needed = new SortedSet<int> { target };
        var open = new Stack<int>([target]);
        while (open.TryPop(out var index))
        {
            foreach (var stage in _nodes[index].Stages.Where(needed.Add))
                open.Push(stage);
        }

        return needed;
    }

    // Stages are built in the order in which they are written. An ONBUILD of its base may make a stage copy from itself.
    private void Check(int index)
    {
        foreach (var need in _nodes[index].AllNeeds)
        {
            if (need.Error is not null)
                throw need.Error;
            if (need.Source.Stage > index)
            {
                throw _source.Error(
                    need.Line, $"the stage {VisibleText.Quote(need.From)} comes after the stage that needs it",
                    "Move it up in the Dockerfile.");
            }
        }
    }

    private static IReadOnlyList<BaseImage> Distinct(IEnumerable<StageNode> nodes) =>
        [.. nodes.SelectMany(node => node.Images).DistinctBy(image => image.Name)];

    private static CraneException Cyclic(DockerfileSource source, IReadOnlyList<Stage> stages, IReadOnlyList<int> cycle, int line)
    {
        const int shown = 10;
        var names = cycle.Select(index => stages[index].Name is { Length: > 0 } name ? $"'{name}'" : $"{index}").ToList();
        var path = names.Count <= shown ? names : [.. names.Take(shown - 2), "…", names[^1]];
        return source.Error(line, $"dependency cycle of stages: {string.Join(" → ", path)}", "A stage can only use stages before it.");
    }

    // Stages that copy from, or mount, each other, with the first again at the end; null for none. FROM cannot form a cycle: it
    // refers to stages before it.
    private static IReadOnlyList<int>? FindCycle(List<List<StageNeed>> needs)
    {
        var visited = new bool[needs.Count];
        var path = new Stack<(int Stage, int Next)>();
        var onPath = new bool[needs.Count];
        for (var start = 0; start < needs.Count; start++)
        {
            if (!visited[start])
                Enter(start);
            while (path.TryPop(out var step))
            {
                if (step.Next == needs[step.Stage].Count)
                {
                    onPath[step.Stage] = false;
                    continue;
                }

                path.Push(step with { Next = step.Next + 1 });
                if (needs[step.Stage][step.Next].Source.Stage is not { } needed)
                    continue;
                if (onPath[needed])
                    return [.. path.Select(entry => entry.Stage).Reverse().SkipWhile(stage => stage != needed), needed];
                if (!visited[needed])
                    Enter(needed);
            }
        }

        return null;

        void Enter(int stage)
        {
            visited[stage] = onPath[stage] = true;
            path.Push((stage, 0));
        }
    }
}

/// <summary>A stage with its base and needs.</summary>
/// <param name="Stage">The stage as written.</param>
/// <param name="Base">The meaning of its FROM.</param>
/// <param name="Needs">The needs of its own instructions.</param>
/// <param name="TriggeredNeeds">The needs of the ONBUILD instructions of its base.</param>
internal sealed record StageNode(Stage Stage, StageOrImage Base, IReadOnlyList<StageNeed> Needs, IReadOnlyList<StageNeed> TriggeredNeeds)
{
    /// <summary>The needs in the order of BuildKit.</summary>
    public IEnumerable<StageNeed> AllNeeds => TriggeredNeeds.Concat(Needs);

    /// <summary>The images it needs directly.</summary>
    public IEnumerable<BaseImage> Images => Sources.Select(source => source.Image).OfType<BaseImage>();

    public IEnumerable<int> Stages => Sources.Select(source => source.Stage).OfType<int>();

    private IEnumerable<StageOrImage> Sources => AllNeeds.Select(need => need.Source).Prepend(Base);
}

/// <summary>
/// What the ONBUILD instructions of a stage need in the stages based on it. Those of external images are in their configuration,
/// which is not read here.
/// </summary>
internal sealed class OnBuildTriggers(DockerfileSource source, IReadOnlyList<Stage> stages, StageNames names)
{
    // Many stages based on one with many triggers multiply them.
    private const int Limit = 100_000;

    private readonly Dictionary<int, IReadOnlyList<StageNeed>> _needs = [];
    private int _count;

    /// <summary>
    /// What the triggers of a stage need in a stage based on it. An invalid trigger is a need with an error, since BuildKit reads
    /// it only when it runs.
    /// </summary>
    /// <exception cref="CraneException">BuildFailed for too many triggers.</exception>
    public IReadOnlyList<StageNeed> NeedsIn(Stage stage, int parent)
    {
        if (!_needs.TryGetValue(parent, out var needs))
            _needs.Add(parent, needs = [.. stages[parent].Commands.OfType<OnBuild>().SelectMany(NeedsOf)]);
        _count += needs.Count;
        return _count <= Limit ? needs : throw source.Error(stage.Line, $"ONBUILD results in more than {Limit} instructions");
    }

    private IReadOnlyList<StageNeed> NeedsOf(OnBuild trigger)
    {
        try
        {
            // BuildKit reads it as a separate Dockerfile, with the default escape character.
            var instructions = InstructionReader.Read(source.Embed(trigger.Text, trigger.Line), out _);
            if (instructions is not [_])
                throw source.Error(trigger.Line, "ONBUILD must contain exactly one instruction");
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
