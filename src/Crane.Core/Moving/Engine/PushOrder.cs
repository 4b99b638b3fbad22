using Crane.Planning;

namespace Crane.Moving.Engine;

/// <summary>
/// Decides which moves wait for others. Of the pushes of the same layer to one registry, the first one uploads it and the others wait, so
/// that they can mount it: an engine does not share the work of parallel pushes, only that of pulls.
/// </summary>
internal static class PushOrder
{
    /// <summary>For each move, the indexes of the earlier moves that it waits for.</summary>
    public static async Task<IReadOnlyList<IReadOnlySet<int>>> FindAsync(
        IReadOnlyList<CheckedMove> moves, ILocalImages images, int throttleLimit, CancellationToken cancellation)
    {
        var found = new IReadOnlyList<string>[moves.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, moves.Count),
            new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = cancellation },
            async (i, token) => found[i] = await LayersAsync(moves[i], images, token));

        var leaders = new Dictionary<(string Registry, string Layer), int>();
        var waits = new List<IReadOnlySet<int>>(moves.Count);
        for (var i = 0; i < moves.Count; i++)
        {
            var before = new HashSet<int>();
            foreach (var layer in found[i])
            {
                if (leaders.TryGetValue((moves[i].Remote.Registry, layer), out var leader))
                    before.Add(leader);
                else
                    leaders.Add((moves[i].Remote.Registry, layer), i);
            }

            before.Remove(i);
            waits.Add(before);
        }

        return waits;
    }

    private static async Task<IReadOnlyList<string>> LayersAsync(CheckedMove move, ILocalImages images, CancellationToken cancellation)
    {
        if (move.Plan.Operation != RetagOperation.Push)
            return [];
        try
        {
            return await images.FindAsync(move.Source, cancellation) is { } image ? image.Layers : [];
        }
        catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
        {
            // The move itself will report the error.
            return [];
        }
    }
}
