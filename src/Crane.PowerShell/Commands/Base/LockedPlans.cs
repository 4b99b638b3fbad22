using Crane.Loading;
using Crane.Locking;

namespace Crane.Commands.Base;

/// <summary>The lock files of a run, and what they say about its plans. A lock file that is missing or damaged is one error.</summary>
internal sealed class LockedPlans(SelectionCommand command)
{
    private readonly Dictionary<string, LockedRun?> _locks = new(StringComparer.Ordinal);

    /// <summary>Returns the plans with the digests in their locks, and writes the errors of the others.</summary>
    public IReadOnlyList<RetagPlan> Apply(IReadOnlyList<RetagPlan> plans) => [.. plans.Select(Apply).OfType<RetagPlan>()];

    /// <summary>The lock of a plan that was returned.</summary>
    public LockedRun Of(RetagPlan plan) => _locks[PathOf(plan)]!;

    private RetagPlan? Apply(RetagPlan plan)
    {
        var applied = plan.Status == RetagStatus.Skipped ? plan : null;
        command.Try(() => applied ??= Find(plan)?.Apply(plan));
        return applied;
    }

    // Null where the lock could not be read, which was an error before.
    private LockedRun? Find(RetagPlan plan)
    {
        var path = PathOf(plan);
        if (!_locks.TryGetValue(path, out var found))
        {
            _locks[path] = null;
            _locks[path] = found = Adapters.Current.LockFiles.Read(path) is { } content
                ? new LockedRun(content, path)
                : throw LockErrors.NoFile(path);
        }

        return found;
    }

    private string PathOf(RetagPlan plan) => plan.Path is { } craneFile ? command.LockPath(craneFile) : throw LockErrors.NoCraneFile(plan);
}
