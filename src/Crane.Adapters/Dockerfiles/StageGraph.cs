using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The stages of a Dockerfile and what they need of one another.</summary>
internal sealed class StageGraph
{
    private readonly DockerfileSource _source;
    private readonly IReadOnlyList<StageNode> _nodes;

    /// <exception cref="CraneException">BuildFailed for a need that means nothing, or a circle; InvalidImageName.</exception>
    public StageGraph(DockerfileSource source, IReadOnlyList<Stage> stages, IReadOnlyList<StageOrImage> bases, StageNames names)
    {
        _source = source;
        var needs = stages.Select(stage => stage.Commands.SelectMany(names.NeedsOf).ToList()).ToList();
        if (FindCycle(needs) is { } cycle)
            throw Circular(source, stages, cycle, needs[cycle[^2]].First(need => need.Source.Stage == cycle[^1]).Line);
        var triggers = new OnBuildTriggers(source, stages, names);
        _nodes = [.. stages.Select((stage, index) => new StageNode(
            stage, bases[index], needs[index], bases[index].Stage is { } parent ? triggers.NeedsIn(stage, parent) : []))];
    }

    public IReadOnlyList<BaseImage> Images => Distinct(_nodes);

    /// <summary>The images that a stage needs, itself or through others, each once.</summary>
    /// <exception cref="CraneException">
    /// BuildFailed for what BuildKit finds wrong in these stages alone, such as the need of a later stage.
    /// </exception>
    public IReadOnlyList<BaseImage> ImagesFor(int target)
    {
        var needed = NeededFor(target);
        foreach (var index in needed)
            Check(index);
        return Distinct(needed.Select(index => _nodes[index]));
    }

    /// <summary>The images of a stage and of all before it, whether it needs them or not, each once.</summary>
    public IReadOnlyList<BaseImage> ImagesDownTo(int target) => Distinct(_nodes.Take(target + 1));

    /// <summary>The same, each time that an instruction names one.</summary>
    public IReadOnlyList<BaseImage> ReferencesDownTo(int target) => [.. _nodes.Take(target + 1).SelectMany(node => node.Images)];

    /// <summary>The stages with a name that a stage needs, itself among them.</summary>
    public IReadOnlyList<Stage> StagesFor(int target) =>
        [.. NeededFor(target).Select(index => _nodes[index].Stage).Where(stage => stage.Name.Length > 0)];

    /// <summary>The image that a stage is made from, through the stages in between; null for <c>scratch</c>.</summary>
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

    // Stages are built in the order they are written in. One made from another may, through an ONBUILD of that, copy from
    // itself.
    private void Check(int index)
    {
        foreach (var need in _nodes[index].AllNeeds)
        {
            if (need.Error is not null)
                throw need.Error;
            if (need.Source.Stage > index)
            {
                throw _source.Error(
                    need.Line, $"the stage {VisibleText.Quote(need.From)} stands behind the stage that needs it",
                    "Move it up in the Dockerfile.");
            }
        }
    }

    private static IReadOnlyList<BaseImage> Distinct(IEnumerable<StageNode> nodes) =>
        [.. nodes.SelectMany(node => node.Images).DistinctBy(image => image.Name)];

    private static CraneException Circular(
        DockerfileSource source, IReadOnlyList<Stage> stages, IReadOnlyList<int> cycle, int line)
    {
        const int shown = 10;
        var names = cycle.Select(index => stages[index].Name is { Length: > 0 } name ? $"'{name}'" : $"{index}").ToList();
        var path = names.Count <= shown ? names : [.. names.Take(shown - 2), "…", names[^1]];
        return source.Error(
            line, $"stages need each other in a circle: {string.Join(" → ", path)}", "A stage can only use stages before it.");
    }

    // Stages that copy from, or mount, one another, the first once more at the end; null for none. FROM makes none: it only sees
    // stages before it.
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

/// <summary>A stage with what it is made from.</summary>
/// <param name="Stage">The stage as written.</param>
/// <param name="Base">What its FROM means.</param>
/// <param name="Needs">What its own instructions need.</param>
/// <param name="TriggeredNeeds">What the ONBUILD instructions of the stage it is made from need in it.</param>
internal sealed record StageNode(
    Stage Stage, StageOrImage Base, IReadOnlyList<StageNeed> Needs, IReadOnlyList<StageNeed> TriggeredNeeds)
{
    /// <summary>The needs in the order in which BuildKit gets to them.</summary>
    public IEnumerable<StageNeed> AllNeeds => TriggeredNeeds.Concat(Needs);

    /// <summary>The images it needs itself, not through another stage.</summary>
    public IEnumerable<BaseImage> Images => Sources.Select(source => source.Image).OfType<BaseImage>();

    public IEnumerable<int> Stages => Sources.Select(source => source.Stage).OfType<int>();

    private IEnumerable<StageOrImage> Sources => AllNeeds.Select(need => need.Source).Prepend(Base);
}
