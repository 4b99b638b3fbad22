namespace Crane.Core.Tests.Execution;

public sealed class PushRunTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task The_remote_name_is_tagged_before_the_push()
    {
        _store.AddLocal("company/os", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(["tag company/os r.co/bob/os", "push r.co/bob/os"], _store.Calls);
        Assert.Equal((RetagStatus.Succeeded, "memory"), (outcome.Result.Status, outcome.Result.Engine));
    }

    [Fact]
    public async Task What_the_registry_has_already_is_up_to_date()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddRemote("r.co/bob/os", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(RetagStatus.UpToDate, outcome.Result.Status);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task An_image_that_is_not_here_is_an_error()
    {
        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(CraneErrorId.LocalImageNotFound, outcome.Error!.Id);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task A_failed_push_takes_the_name_away_that_it_had_given()
    {
        _store.AddLocal("company/os", 'a');
        _store.OnTransfer = (_, _, _) => throw new CraneException(CraneErrorId.RegistryUnauthorized, "no");
        await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Null(_store.LocalId("r.co/bob/os"));
        Assert.Equal("id-a", _store.LocalId("company/os"));
    }

    [Fact]
    public async Task A_failed_push_leaves_a_name_that_was_there_before()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddLocal("r.co/bob/os", 'b');
        _store.OnTransfer = (_, _, _) => throw new CraneException(CraneErrorId.PushFailed, "no");
        await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.NotNull(_store.LocalId("r.co/bob/os"));
    }

    [Fact]
    public async Task A_target_with_a_digest_and_no_tag_is_refused_before_anything_is_tagged()
    {
        _store.AddLocal("company/os:1", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os:1", $"r.co/bob/os@{MemoryStore.DigestOf('a')}"));
        Assert.Equal(CraneErrorId.DigestWithoutTag, outcome.Error?.Id);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task An_image_that_cannot_be_looked_at_is_an_error_of_its_own()
    {
        _store.AddLocal("company/good", 'a');
        _store.OnFind = image =>
        {
            if (image.Repository == "company/bad")
                throw new CraneException(CraneErrorId.EngineUnreachable, "no");
        };
        var outcomes = await new Runs(_store).AllAsync(Runs.Push("company/bad", "r.co/bad"), Runs.Push("company/good", "r.co/good"));
        Assert.Equal(["Failed", "Succeeded"], outcomes.Select(outcome => outcome.Result.Status.ToString()));
    }

    [Fact]
    public async Task A_digest_in_the_target_is_what_the_registry_must_answer()
    {
        _store.AddLocal("company/os:1", 'a');
        var good = await new Runs(_store).OneAsync(Runs.Push("company/os:1", $"r.co/bob/os:1@{MemoryStore.DigestOf('a')}"));
        Assert.Equal(RetagStatus.Succeeded, good.Result.Status);
        var bad = await new Runs(_store).OneAsync(Runs.Push("company/os:1", $"r.co/bob/os:1@{MemoryStore.DigestOf('b')}"));
        Assert.Equal(CraneErrorId.DigestMismatch, bad.Error!.Id);
    }
}
