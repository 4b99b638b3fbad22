using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Execution;

/// <summary>Whether a push replaces what its target has.</summary>
public sealed class OverwriteTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task A_target_that_is_as_it_was_last_seen_is_replaced()
    {
        Arrange(seen: 'a', there: 'a');

        var outcome = await PushAsync();

        Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status);
        Assert.Equal((Id('a'), "id-a"), (outcome.Result.PreviousDigest, outcome.Result.PreviousId));
    }

    [Fact]
    public async Task A_target_that_somebody_else_has_pushed_since_is_not_replaced()
    {
        Arrange(seen: 'a', there: 'b');

        var outcome = await PushAsync();

        Assert.Equal((RetagStatus.Failed, CraneErrorId.TargetMoved), (outcome.Result.Status, outcome.Error?.Id));
        Assert.DoesNotContain("push r.co/me/x", _store.Calls);
        Assert.Equal("id-a", _store.LocalId("r.co/me/x"));
    }

    [Fact]
    public async Task A_target_that_was_never_seen_is_replaced()
    {
        Arrange(seen: null, there: 'b');

        var result = (await PushAsync()).Result;

        Assert.Equal((RetagStatus.Succeeded, Id('b'), KnownImage.None), (result.Status, result.PreviousDigest, result.PreviousId));
    }

    [Fact]
    public async Task A_target_that_was_only_tagged_in_a_store_without_manifests_was_never_seen()
    {
        _store.AddLocal("x", 'c');
        _store.AddLocal("r.co/me/x", MemoryStore.Image('a') with { Origins = [], PushDigest = null });
        _store.AddRemote("r.co/me/x", 'b');

        Assert.Equal(RetagStatus.Succeeded, (await PushAsync()).Result.Status);
    }

    [Fact]
    public async Task A_target_that_is_the_image_already_is_up_to_date_whatever_was_seen()
    {
        Arrange(seen: 'a', there: 'c');

        Assert.Equal(RetagStatus.UpToDate, (await PushAsync(OverwriteMode.Never)).Result.Status);
    }

    [Theory]
    [InlineData(OverwriteMode.Always, false, null)]
    [InlineData(null, true, null)]
    [InlineData(OverwriteMode.Never, false, CraneErrorId.TargetExists)]
    [InlineData(OverwriteMode.Never, true, CraneErrorId.TargetExists)]
    public async Task The_mode_decides(OverwriteMode? mode, bool force, CraneErrorId? error)
    {
        Arrange(seen: 'a', there: 'b');

        Assert.Equal(error, (await PushAsync(mode, force)).Error?.Id);
    }

    [Theory]
    [InlineData('b', null)]
    [InlineData('a', CraneErrorId.TargetMoved)]
    [InlineData(null, CraneErrorId.TargetMoved)]
    public async Task What_the_plan_says_comes_before_what_was_seen(char? planned, CraneErrorId? error)
    {
        Arrange(seen: 'a', there: 'b');

        var outcome = await PushAsync(plan: new RetagPlan { TargetDigest = planned is { } fill ? Id(fill) : KnownImage.None });

        Assert.Equal(error, outcome.Error?.Id);
    }

    [Fact]
    public async Task A_plan_for_another_image_is_refused()
    {
        Arrange(seen: null, there: 'b');

        Assert.Equal(CraneErrorId.DigestMismatch, (await PushAsync(plan: new RetagPlan { Digest = Id('d') })).Error?.Id);
    }

    [Fact]
    public async Task A_pull_by_the_digest_of_its_plan_gives_both_names()
    {
        _store.AddRemote("r.co/x", 'b');
        _store.AddLocal("x", '1');
        var move = CheckedMove.Check(new RetagPlan { Operation = RetagOperation.Pull, Source = "r.co/x", Target = "x", Digest = Id('a') });

        var result = (await new Runs(_store).OneAsync(move)).Result;

        Assert.Equal((RetagStatus.Succeeded, Id('a')), (result.Status, result.Digest));
        Assert.Equal(("id-a", "id-a"), (_store.LocalId("x"), _store.LocalId("r.co/x")));
        Assert.Equal("id-1", result.PreviousId);
    }

    [Theory]
    [InlineData("sha256:1")]
    [InlineData("latest")]
    public void A_digest_that_is_none_is_an_error_before_anything_moves(string digest)
    {
        var error = Assert.Throws<CraneException>(() => CheckedMove.Check(
            new RetagPlan { Operation = RetagOperation.Pull, Source = "r.co/x", Target = "x", Digest = digest }));

        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
    }

    private static string Id(char fill) => MemoryStore.DigestOf(fill).ToString();

    private void Arrange(char? seen, char there)
    {
        _store.AddLocal("x", 'c');
        if (seen is { } fill)
            _store.AddLocal("r.co/me/x", fill);
        _store.AddRemote("r.co/me/x", there);
    }

    private Task<RunOutcome> PushAsync(OverwriteMode? mode = null, bool force = false, RetagPlan? plan = null) =>
        new Runs(_store) { Force = force }.OneAsync(CheckedMove.Check((plan ?? new RetagPlan()) with
        {
            Operation = RetagOperation.Push,
            Source = "x",
            Target = "r.co/me/x",
            Overwrite = mode,
        }));
}
