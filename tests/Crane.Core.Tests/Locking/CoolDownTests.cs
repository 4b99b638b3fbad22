using Crane.Core.Tests.Execution;
using Crane.Locking;
using Crane.Names;
using CsCheck;

namespace Crane.Core.Tests.Locking;

public sealed class CoolDownTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 10, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Age = TimeSpan.FromDays(3);
    private static readonly ImageName Etcd = ImageName.Parse("r.co/coreos/etcd:2");

    [Fact]
    public void The_first_digest_of_an_image_does_not_wait()
    {
        var decision = CoolDown.Decide(null, Etcd, Digest('a'), Start.AddMilliseconds(700), Age);
        Assert.Equal(LockStatus.Added, decision.Status);
        Assert.Equal(new LockedImage(Etcd, new(Digest('a'), Start)), decision.Entry);
    }

    [Fact]
    public void A_new_digest_is_held_until_it_was_seen_for_the_minimum_age()
    {
        var held = After(TimeSpan.FromDays(1), Locked('a'), 'b');
        Assert.Equal(LockStatus.Held, held.Status);
        Assert.Equal(Locked('a') with { Held = new(Digest('b'), Start.AddDays(1)) }, held.Entry);
        Assert.Equal("held until 2026-07-14 09:00 UTC", held.Reason);

        var early = After(TimeSpan.FromDays(4) - TimeSpan.FromSeconds(1), held.Entry, 'b');
        Assert.Equal(LockStatus.Held, early.Status);
        Assert.Equal(held.Entry, early.Entry);

        var late = After(TimeSpan.FromDays(4), held.Entry, 'b');
        Assert.Equal(LockStatus.Changed, late.Status);
        Assert.Equal(new LockedImage(Etcd, new(Digest('b'), Start.AddDays(1))), late.Entry);
    }

    [Fact]
    public void Without_a_minimum_age_a_new_digest_is_locked_at_once()
    {
        var decision = CoolDown.Decide(Locked('a'), Etcd, Digest('b'), Start.AddDays(1), TimeSpan.Zero);
        Assert.Equal(LockStatus.Changed, decision.Status);
        Assert.Equal(new LockedImage(Etcd, new(Digest('b'), Start.AddDays(1))), decision.Entry);
    }

    [Fact]
    public void A_digest_that_replaces_a_held_one_waits_from_its_own_time()
    {
        var held = After(TimeSpan.Zero, Locked('a'), 'b').Entry;
        var replaced = After(TimeSpan.FromDays(2), held, 'c');
        Assert.Equal(LockStatus.Held, replaced.Status);
        Assert.Equal(new SeenDigest(Digest('c'), Start.AddDays(2)), replaced.Entry.Held);
        Assert.Equal(LockStatus.Held, After(TimeSpan.FromDays(4), replaced.Entry, 'c').Status);
    }

    [Fact]
    public void A_tag_that_is_moved_back_holds_nothing_and_a_digest_that_comes_again_waits_again()
    {
        var held = After(TimeSpan.Zero, Locked('a'), 'b').Entry;
        var back = After(TimeSpan.FromDays(1), held, 'a');
        Assert.Equal(LockStatus.Unchanged, back.Status);
        Assert.Equal(Locked('a'), back.Entry);
        Assert.Contains("no longer has", back.Reason, StringComparison.Ordinal);

        Assert.Equal(LockStatus.Held, After(TimeSpan.FromDays(5), back.Entry, 'b').Status);
    }

    [Fact]
    public void A_time_in_the_future_neither_releases_early_nor_holds_for_ever()
    {
        // Another machine's clock is a year ahead.
        var ahead = Locked('a') with { Held = new(Digest('b'), Start.AddDays(365)) };
        var now = After(TimeSpan.Zero, ahead, 'b');
        Assert.Equal(LockStatus.Held, now.Status);
        Assert.Equal(Start, now.Entry.Held!.Seen);
        Assert.Equal(LockStatus.Held, After(TimeSpan.FromDays(2), now.Entry, 'b').Status);
        Assert.Equal(LockStatus.Changed, After(TimeSpan.FromDays(3), now.Entry, 'b').Status);
    }

    [Theory]
    [InlineData("r.co/coreos/etcd:3", true)]
    [InlineData("r.co/coreos/other:2", true)]
    [InlineData("mirror.bob.co/prefix/coreos/etcd:2", false)]
    [InlineData("r.co/bob/etcd:2", false)]
    public void Another_image_or_tag_in_the_crane_file_does_not_wait_and_another_registry_is_none(string reference, bool isOther)
    {
        var decision = CoolDown.Decide(Locked('a'), ImageName.Parse(reference), Digest('b'), Start, Age);
        Assert.Equal(isOther ? LockStatus.Changed : LockStatus.Held, decision.Status);
        Assert.Equal(isOther, decision.Reason.Contains($"{Etcd}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_longest_age_holds_for_ever()
    {
        var decision = CoolDown.Decide(Locked('a'), Etcd, Digest('b'), Start, TimeSpan.MaxValue);
        Assert.Equal(LockStatus.Held, decision.Status);
        Assert.Equal("held for ever", decision.Reason);
    }

    [Fact]
    public void What_is_locked_was_seen_for_the_minimum_age_and_the_tag_still_has_it()
    {
        // Digests and hours between updates, in any order.
        var steps = Gen.Select(Gen.Char['a', 'c'], Gen.Int[0, 80]).List[1, 30];
        steps.Sample(updates =>
        {
            var (now, entry) = (Start, Locked('a'));
            var since = new Dictionary<char, DateTimeOffset>();
            foreach (var (found, hours) in updates)
            {
                now += TimeSpan.FromHours(hours);
                foreach (var gone in since.Keys.Where(key => key != found).ToList())
                    since.Remove(gone);
                since.TryAdd(found, now);
                var decision = CoolDown.Decide(entry, Etcd, Digest(found), now, Age);
                if (decision.Status == LockStatus.Changed && (decision.Entry.Current.Digest != Digest(found) || now - since[found] < Age))
                    return false;
                entry = decision.Entry;
            }

            return true;
        });
    }

    private static LockDecision After(TimeSpan time, LockedImage known, char found) =>
        CoolDown.Decide(known, Etcd, Digest(found), Start + time, Age);

    private static LockedImage Locked(char digest) => new(Etcd, new(Digest(digest), Start));

    private static Digest Digest(char digest) => MemoryStore.DigestOf(digest);
}
