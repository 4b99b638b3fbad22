using System.Collections.Immutable;
using Crane.Names;

namespace Crane.Locking;

/// <summary>Brings a lock up to date with what registries have.</summary>
/// <param name="Lock">The lock after the update; the same as before if nothing has changed.</param>
/// <param name="Changes">One for each entry that was looked up or is no longer needed, in the order of the file.</param>
/// <param name="Errors">The entries that could not be looked up, and stay as they were.</param>
internal sealed record LockUpdate(CraneLock Lock, IReadOnlyList<UpdatedEntry> Changes, IReadOnlyList<CraneException> Errors)
{
    public static LockUpdate Make(CraneLock before, LockScope scope, IReadOnlyList<LockFinding> findings, DateTimeOffset now)
    {
        var update = new LockUpdate(before, [], []);
        foreach (var finding in findings)
        {
            var (subject, found) = finding;
            update = found.Error is { } error ? update with { Errors = [.. update.Errors, error.About(subject.Container)] }
                : subject.Entry == LockEntry.Push ? update.WithPushed(subject, found.Digest)
                : update.With(subject, found.Digest!, now);
        }

        update = update.WithoutObsolete(scope);
        return update with
        {
            Changes = [.. update.Changes.OrderBy(change => change.Change.Entry)
                .ThenBy(change => change.Key, StringComparer.Ordinal).ThenBy(change => change.Change.Reference, StringComparer.Ordinal)],
        };
    }

    private LockUpdate With(LockSubject subject, Digest found, DateTimeOffset now)
    {
        var known = EntriesOf(subject.Entry).GetValueOrDefault(subject.Key);
        var decision = CoolDown.Decide(known, subject.Reference, found, now, subject.MinimumAge);
        return With(subject.Entry, EntriesOf(subject.Entry).SetItem(subject.Key, decision.Entry)).With(subject.Key, new LockChange
        {
            Entry = subject.Entry,
            Container = subject.Container.Name,
            Reference = subject.Reference.ToString(),
            Old = known?.Current.Digest.ToString(),
            New = decision.Found.Digest.ToString(),
            Seen = decision.Found.Seen.UtcDateTime,
            Status = decision.Status,
            Reason = decision.Reason,
        });
    }

    private LockUpdate WithPushed(LockSubject subject, Digest? found)
    {
        var targets = Lock.Pushed.GetValueOrDefault(subject.Key) ?? CraneLock.Sorted<Digest>();
        var known = targets.GetValueOrDefault(subject.Reference.FullName);
        if (known is null && found is null)
            return this;
        return WithPushed(
                subject.Key,
                found is null ? targets.Remove(subject.Reference.FullName) : targets.SetItem(subject.Reference.FullName, found))
            .With(subject.Key, new LockChange
            {
                Entry = LockEntry.Push,
                Container = subject.Key,
                Reference = subject.Reference.ToString(),
                Old = known?.ToString(),
                New = found?.ToString(),
                Status = known is null ? LockStatus.Added
                    : found is null ? LockStatus.Removed
                    : found == known ? LockStatus.Unchanged
                    : LockStatus.Changed,
                Reason = found is null ? "the registry no longer has it" : "",
            });
    }

    private LockUpdate WithoutObsolete(LockScope scope)
    {
        var update = this;
        foreach (var entry in (LockEntry[])[LockEntry.Image, LockEntry.Base])
        {
            foreach (var (key, locked) in EntriesOf(entry).Where(pair => scope.IsObsolete(entry, pair.Key)))
            {
                update = update.With(entry, update.EntriesOf(entry).Remove(key)).With(key, new LockChange
                {
                    Entry = entry,
                    Container = entry == LockEntry.Image ? key : "",
                    Reference = locked.Reference.ToString(),
                    Old = locked.Current.Digest.ToString(),
                    Status = LockStatus.Removed,
                    Reason = entry == LockEntry.Base ? "no Dockerfile names it"
                        : scope.Containers.Contains(key) ? "the crane file does not pull it, or by digest"
                        : "the crane file does not have it",
                });
            }
        }

        foreach (var (container, targets) in Lock.Pushed.Where(pair => scope.IsObsolete(LockEntry.Push, pair.Key)))
        {
            update = update.WithPushed(container, targets.Clear());
            foreach (var (target, digest) in targets)
            {
                update = update.With(container, new LockChange
                {
                    Entry = LockEntry.Push,
                    Container = container,
                    Reference = target,
                    Old = digest.ToString(),
                    Status = LockStatus.Removed,
                    Reason = "the crane file does not push it",
                });
            }
        }

        return update;
    }

    private ImmutableSortedDictionary<string, LockedImage> EntriesOf(LockEntry entry) =>
        entry == LockEntry.Image ? Lock.Images : Lock.Bases;

    private LockUpdate With(LockEntry entry, ImmutableSortedDictionary<string, LockedImage> entries) =>
        this with { Lock = entry == LockEntry.Image ? Lock with { Images = entries } : Lock with { Bases = entries } };

    private LockUpdate WithPushed(string container, ImmutableSortedDictionary<string, Digest> targets) => this with
    {
        Lock = Lock with
        {
            Pushed = targets.IsEmpty ? Lock.Pushed.Remove(container) : Lock.Pushed.SetItem(container, targets),
        },
    };

    private LockUpdate With(string key, LockChange change) => this with { Changes = [.. Changes, new UpdatedEntry(key, change)] };
}

/// <summary>The change of an entry.</summary>
internal sealed record UpdatedEntry(string Key, LockChange Change);
