using Crane.Core.Tests.Execution;
using Crane.Locking;

namespace Crane.Core.Tests.Locking;

public sealed class LockUpdateTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 10, 9, 0, 0, TimeSpan.Zero);

    private static readonly CraneContainer Etcd = Pulled("etcd", "coreos/etcd:2");
    private static readonly CraneContainer Service = new()
    {
        Name = "service",
        Image = "company/service",
        Build = new ContainerBuild { Context = "/service" },
        Push = new ContainerPush { Registry = "bob.co", Tag = ["1", "latest"] },
    };

    [Fact]
    public void A_lock_has_pulled_images_external_bases_and_the_targets_of_pushes()
    {
        var update = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a');
        Assert.Equal(["etcd"], update.Lock.Images.Keys);
        Assert.Equal(["docker.io/library/node:20"], update.Lock.Bases.Keys);
        Assert.Equal(["bob.co/company/service:1", "bob.co/company/service:latest"], update.Lock.Pushed["service"].Keys);
        Assert.All(update.Changes, entry => Assert.Equal(LockStatus.Added, entry.Change.Status));
        Assert.Equal("service", update.Changes.Single(entry => entry.Change.Entry == LockEntry.Base).Change.Container);
        Assert.Equal(MemoryStore.DigestOf('a'), update.Lock.PushedTo("service", ImageName.Parse("bob.co/company/service")));
        Assert.Null(update.Lock.PushedTo("service", ImageName.Parse("alice.co/company/service")));
    }

    [Fact]
    public void An_update_that_changes_nothing_gives_an_equal_lock()
    {
        var first = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a').Lock;
        var second = Update(first, Scope(true, Etcd, Service), _ => 'a');
        Assert.Equal(first, second.Lock);
        Assert.All(second.Changes, entry => Assert.Equal(LockStatus.Unchanged, entry.Change.Status));
        Assert.NotEqual(first, Update(first, Scope(true, Etcd, Service), _ => 'b').Lock);
    }

    [Fact]
    public void An_entry_that_could_not_be_looked_up_stays_and_the_others_go_on()
    {
        var first = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a').Lock;
        var second = Update(first, Scope(true, Etcd, Service), subject => subject.Key == "etcd" ? null : 'b');
        Assert.Equal(first.Images, second.Lock.Images);
        Assert.Equal(MemoryStore.DigestOf('b'), second.Lock.Bases.Values.Single().Current.Digest);
        Assert.Equal(Etcd, Assert.Single(second.Errors).Subject);
    }

    [Fact]
    public void Only_an_update_of_the_whole_stack_removes_what_the_crane_file_no_longer_has()
    {
        var all = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a').Lock;
        Assert.Equal(all, Update(all, Scope(false, Etcd), _ => 'a').Lock);

        var less = Update(all, Scope(true, Etcd), _ => 'a');
        Assert.Equal(["etcd"], less.Lock.Images.Keys);
        Assert.Empty(less.Lock.Bases);
        Assert.Empty(less.Lock.Pushed);
        Assert.Equal(
            ["docker.io/library/node:20", "bob.co/company/service:1", "bob.co/company/service:latest"],
            less.Changes.Where(entry => entry.Change.Status == LockStatus.Removed)
                .Select(entry => ImageName.Parse(entry.Change.Reference).FullName));
    }

    [Fact]
    public void A_selected_container_that_is_pulled_by_digest_or_not_at_all_has_no_entry()
    {
        var all = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a').Lock;
        var pinned = Etcd with { Image = $"coreos/etcd:2@{MemoryStore.DigestOf('c')}" };
        Assert.Empty(Update(all, Scope(false, pinned), _ => 'a').Lock.Images);
        Assert.Empty(Update(all, Scope(false, Service with { Push = null }), _ => 'a').Lock.Pushed);
    }

    [Fact]
    public void A_container_with_an_error_keeps_its_entries_and_nothing_counts_as_no_longer_needed()
    {
        var all = Update(CraneLock.Empty, Scope(true, Etcd, Service), _ => 'a').Lock;
        var scope = Scope(true, Etcd with { Image = "COREOS/etcd" });
        Assert.Equal(CraneErrorId.InvalidImageName, Assert.Single(scope.Errors).Id);
        Assert.Equal(all, Update(all, scope, _ => 'a').Lock);
    }

    [Fact]
    public void A_target_that_is_gone_is_removed_and_the_targets_of_others_stay()
    {
        var first = Update(CraneLock.Empty, Scope(true, Service), _ => 'a').Lock;
        var alice = Service with { Push = new ContainerPush { Registry = "alice.co" } };
        var both = Update(first, Scope(true, alice), _ => 'b').Lock;
        Assert.Equal(3, both.Pushed["service"].Count);

        var scope = Scope(true, alice);
        var gone = LockUpdate.Make(
            both, scope, [.. scope.Subjects.Select(subject => new LockFinding(
                subject, new Found(subject.Entry == LockEntry.Push ? null : MemoryStore.DigestOf('a'), null)))], Now);
        Assert.Equal(["bob.co/company/service:1", "bob.co/company/service:latest"], gone.Lock.Pushed["service"].Keys);
        var removed = Assert.Single(gone.Changes, entry => entry.Change.Status == LockStatus.Removed);
        Assert.Equal("the registry no longer has it", removed.Change.Reason);
    }

    [Fact]
    public void Bases_that_the_crane_file_declares_are_those_of_its_containers_and_other_tags_come_from_there()
    {
        var name = ImageName.Parse("company/os");
        Assert.Equal(
            new LockedName(LockEntry.Image, "os", ImageName.Parse("r.co/company/os")),
            LockedName.Of(name, new DeclaredBase { Container = "os", PullReference = "r.co/company/os" }));
        Assert.Equal(
            new LockedName(LockEntry.Base, "docker.io/company/os:2", ImageName.Parse("r.co/company/os:2")),
            LockedName.Of(ImageName.Parse("company/os:2"), new DeclaredBase { PullReference = "r.co/company/os:2" }));
        Assert.Null(LockedName.Of(name, new DeclaredBase { Container = "os" }));
        Assert.Null(LockedName.Of(ImageName.Parse($"node@{MemoryStore.DigestOf('a')}"), null));
    }

    private static CraneContainer Pulled(string name, string image) =>
        new() { Name = name, Image = image, Pull = new ContainerPull { Registry = "r.co" } };

    private static LockScope Scope(bool isWhole, params CraneContainer[] containers) =>
        LockScope.Of(containers, _ => ["node:20", $"debian@{MemoryStore.DigestOf('d')}"], _ => null, isWhole, TimeSpan.Zero);

    private static LockUpdate Update(CraneLock before, LockScope scope, Func<LockSubject, char?> find) => LockUpdate.Make(
        before,
        scope,
        [.. scope.Subjects.Select(subject => new LockFinding(subject, find(subject) is { } digest
            ? new Found(MemoryStore.DigestOf(digest), null)
            : new Found(null, new CraneException(CraneErrorId.RegistryUnreachable, "down"))))],
        Now);
}
