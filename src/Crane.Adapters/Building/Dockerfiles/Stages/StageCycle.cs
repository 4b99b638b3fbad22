namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>
/// Finds stages that copy from, or mount, one another in a circle. FROM makes none: it only sees stages before it.
/// </summary>
internal static class StageCycle
{
    /// <summary>The stages of a circle, the first once more at the end; null where there is none.</summary>
    public static IReadOnlyList<int>? Find(IReadOnlyList<IReadOnlyList<StageNeed>> needs)
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
