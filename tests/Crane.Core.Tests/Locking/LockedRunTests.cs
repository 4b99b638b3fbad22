using Crane.Core.Tests.Execution;
using Crane.Locking;
using Crane.Names;

namespace Crane.Core.Tests.Locking;

public sealed class LockedRunTests
{
    private static readonly LockedImage Etcd = Locked("r.co/coreos/etcd:2");

    private static readonly LockedRun Run = new(
        new CraneLock
        {
            Images = CraneLock.Sorted<LockedImage>().Add("etcd", Etcd),
            Bases = CraneLock.Sorted<LockedImage>().Add("docker.io/library/node:20", Locked("node:20")),
            Pushed = CraneLock.Sorted<System.Collections.Immutable.ImmutableSortedDictionary<string, Digest>>()
                .Add("etcd", CraneLock.Sorted<Digest>().Add("bob.co/etcd:2", MemoryStore.DigestOf('e'))),
        },
        "/stack/crane.lock");

    private readonly RetagPlan _pull = new()
    {
        Container = "etcd",
        Operation = RetagOperation.Pull,
        Source = "mirror.bob.co/coreos/etcd:2",
        Target = "coreos/etcd:2",
    };

    [Fact]
    public void A_pull_has_the_locked_digest_from_its_own_registry() =>
        Assert.Equal(_pull with { Digest = $"{Etcd.Current.Digest}" }, Run.Apply(_pull));

    [Theory]
    [InlineData(RetagOperation.Push)]
    [InlineData(RetagOperation.Copy)]
    public void A_push_or_copy_has_what_its_target_had_unless_it_knows_better(RetagOperation operation)
    {
        var copy = _pull with { Operation = operation, Target = "bob.co/etcd:2" };
        Assert.Equal($"{MemoryStore.DigestOf('e')}", Run.Apply(copy).TargetDigest);
        Assert.Null(Run.Apply(copy with { Target = "alice.co/etcd:2" }).TargetDigest);
        Assert.Equal("none", Run.Apply(copy with { TargetDigest = "none" }).TargetDigest);
    }

    [Fact]
    public void What_is_skipped_pushed_or_named_by_digest_needs_no_entry()
    {
        foreach (var plan in (RetagPlan[])[
            _pull with { Container = "other", Status = RetagStatus.Skipped },
            _pull with { Container = "other", Operation = RetagOperation.Push },
            _pull with { Container = "other", Operation = RetagOperation.Build },
            _pull with { Container = "other", Source = $"r.co/etcd:2@{MemoryStore.DigestOf('d')}" }])
            Assert.Equal(plan, Run.Apply(plan));
    }

    [Fact]
    public void A_build_that_may_be_pulled_instead_is_pulled_by_its_digest() =>
        Assert.Equal(
            $"{Etcd.Current.Digest}",
            Run.Apply(_pull with { Operation = RetagOperation.Build, Source = "/etcd", PullReference = _pull.Source }).Digest);

    [Theory]
    [InlineData("other", "r.co/coreos/etcd:2", CraneErrorId.NotLocked)]
    [InlineData("etcd", "r.co/coreos/etcd:3", CraneErrorId.LockOutdated)]
    [InlineData("etcd", "r.co/coreos/other:2", CraneErrorId.LockOutdated)]
    public void What_the_lock_does_not_have_is_an_error_that_says_what_to_run(string container, string source, CraneErrorId id)
    {
        var plan = _pull with { Container = container, Source = source };
        var error = Assert.Throws<CraneException>(() => Run.Apply(plan));
        Assert.Equal(id, error.Id);
        Assert.Equal(plan, error.Subject);
        Assert.Contains(Run.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains($"Update-CraneLock {container}", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_for_another_digest_is_not_changed_silently()
    {
        Assert.Equal(
            CraneErrorId.LockOutdated,
            Assert.Throws<CraneException>(() => Run.Apply(_pull with { Digest = $"{MemoryStore.DigestOf('f')}" })).Id);
        var same = _pull with { Digest = $"{Etcd.Current.Digest}" };
        Assert.Equal(same, Run.Apply(same));
    }

    [Fact]
    public void A_base_is_locked_by_its_name_and_an_error_says_where_it_is_named()
    {
        var locked = Run.BaseOf(ImageName.Parse("node:20"), null, "/Dockerfile:1");
        Assert.Equal($"node@{MemoryStore.DigestOf('a')}", locked!.Pinned.ToString());
        var error = Assert.Throws<CraneException>(() => Run.BaseOf(ImageName.Parse("node:22"), null, "/Dockerfile:1"));
        Assert.Equal(CraneErrorId.NotLocked, error.Id);
        Assert.Contains("/Dockerfile:1", error.Message, StringComparison.Ordinal);
    }

    private static LockedImage Locked(string reference) =>
        new(ImageName.Parse(reference), new(MemoryStore.DigestOf('a'), DateTimeOffset.UnixEpoch));
}
