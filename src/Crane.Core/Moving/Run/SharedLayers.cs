using System.Collections.Concurrent;

namespace Crane.Moving.Run;

/// <summary>
/// Who moves which layer in one run. An engine moves a layer that several pulls need once, and tells each of them how
/// far it is; its bytes count for the first.
/// </summary>
internal sealed class SharedLayers
{
    private readonly ConcurrentDictionary<(RetagOperation, string Repository, string Layer), RetagPlan> _movers = new();

    /// <summary>Whether the bytes of a layer count for a plan. Only pulls share across repositories.</summary>
    public bool CountsFor(RetagPlan plan, string layer)
    {
        var repository = plan.Operation == RetagOperation.Pull ? "" : plan.Target;
        return ReferenceEquals(_movers.GetOrAdd((plan.Operation, repository, layer), plan), plan);
    }
}
