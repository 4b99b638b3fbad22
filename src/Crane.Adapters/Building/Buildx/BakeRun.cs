using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>What has come of the targets, over the runs of bake that it takes: one more for each target that fails.</summary>
internal sealed class BakeRun
{
    private readonly bool _stopOnError;
    private readonly GraphBuildEnd[] _ends;
    private readonly HashSet<int> _missing = [];

    /// <param name="targets">The targets; those that have a error fail at once.</param>
    /// <param name="stopOnError">Whether nothing more is built after the first failure.</param>
    public BakeRun(IReadOnlyList<BakeTarget> targets, bool stopOnError)
    {
        (Targets, _stopOnError) = (targets, stopOnError);
        _ends = Enumerable.Repeat(GraphBuildEnd.None, targets.Count).ToArray();
        for (var index = 0; index < targets.Count; index++)
        {
            if (targets[index].Error is { } error)
                Fail(index, error);
        }
    }

    public IReadOnlyList<BakeTarget> Targets { get; }

    /// <summary>How each target ended; those that stand on a failed one have no end.</summary>
    public IReadOnlyList<GraphBuildEnd> Ends => _ends;

    /// <summary>Indexes of the targets that are still to be built, each after those it needs where these are earlier.</summary>
    public IReadOnlyList<int> Next() => _stopOnError && _missing.Count > 0
        ? []
        : [.. Enumerable.Range(0, Targets.Count).Where(index => _ends[index] == GraphBuildEnd.None && !_missing.Contains(index))];

    /// <summary>Takes note of what was built.</summary>
    public void Built(int index, string id) => _ends[index] = new GraphBuildEnd(id, null);

    /// <summary>Takes note of a failure, and leaves out what stands on it.</summary>
    public void Fail(int index, CraneException error)
    {
        _ends[index] = new GraphBuildEnd(null, error);
        _missing.Add(index);
        while (Enumerable.Range(0, Targets.Count).Where(IsOnMissing).ToList() is { Count: > 0 } more)
            _missing.UnionWith(more);

        bool IsOnMissing(int target) => !_missing.Contains(target) && Targets[target].After.Overlaps(_missing);
    }
}
