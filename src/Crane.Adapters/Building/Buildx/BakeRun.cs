using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>The results of the targets over all runs of bake: each failed target takes one more run.</summary>
internal sealed class BakeRun
{
    private readonly bool _stopOnError;
    private readonly GraphBuildEnd[] _ends;
    private readonly HashSet<int> _missing = [];

    /// <param name="targets">The targets; those with an error fail at once.</param>
    /// <param name="stopOnError">Whether to stop after the first failure.</param>
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

    /// <summary>How each target ended; those that need a failed one have no end.</summary>
    public IReadOnlyList<GraphBuildEnd> Ends => _ends;

    /// <summary>The indexes of the targets that are still to be built, in order.</summary>
    public IReadOnlyList<int> Next() => _stopOnError && _missing.Count > 0
        ? []
        : [.. Enumerable.Range(0, Targets.Count).Where(index => _ends[index] == GraphBuildEnd.None && !_missing.Contains(index))];

    public void Built(int index, string id) => _ends[index] = new GraphBuildEnd(id, null);

    /// <summary>Records a failure, and skips the targets that need this one.</summary>
    public void Fail(int index, CraneException error)
    {
        _ends[index] = new GraphBuildEnd(null, error);
        _missing.Add(index);
        while (Enumerable.Range(0, Targets.Count).Where(NeedsMissing).ToList() is { Count: > 0 } more)
            _missing.UnionWith(more);

        bool NeedsMissing(int target) => !_missing.Contains(target) && Targets[target].After.Overlaps(_missing);
    }
}
