namespace Crane.Core.Tests.Execution;

public sealed class PullRunTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task The_plain_name_is_tagged_after_the_pull()
    {
        _store.AddRemote("r.co/company/os", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal(["pull r.co/company/os", "tag r.co/company/os company/os"], _store.Calls);
        Assert.Equal((RetagStatus.Succeeded, MemoryStore.DigestOf('a').ToString()), (outcome.Result.Status, outcome.Result.Digest));
    }

    [Fact]
    public async Task A_name_that_is_its_own_remote_name_needs_no_tag()
    {
        _store.AddRemote("coreos/etcd:2", 'a');
        await new Runs(_store).OneAsync(Runs.Pull("coreos/etcd:2", "coreos/etcd:2"));
        Assert.Equal(["pull coreos/etcd:2"], _store.Calls);
    }

    [Fact]
    public async Task What_has_the_registrys_digest_is_up_to_date()
    {
        _store.AddRemote("r.co/company/os", 'a');
        _store.AddLocal("company/os", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal(RetagStatus.UpToDate, outcome.Result.Status);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task What_has_another_digest_is_pulled()
    {
        _store.AddRemote("r.co/company/os", 'b');
        _store.AddLocal("company/os", 'a');
        await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal("id-b", _store.LocalId("company/os"));
    }

    [Fact]
    public async Task Force_moves_what_is_up_to_date()
    {
        _store.AddRemote("r.co/company/os", 'a');
        _store.AddLocal("company/os", 'a');
        var outcome = await new Runs(_store) { Force = true }.OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status);
    }

    [Fact]
    public async Task A_pinned_image_is_compared_without_asking_the_registry()
    {
        _store.AddLocal("company/os:1", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Pull($"r.co/company/os:1@{MemoryStore.DigestOf('a')}", "company/os:1"));
        Assert.Equal(RetagStatus.UpToDate, outcome.Result.Status);
    }

    [Fact]
    public async Task A_failed_pull_leaves_the_plain_name_as_it_was()
    {
        _store.AddLocal("company/os", 'a');
        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal((RetagStatus.Failed, CraneErrorId.ImageNotFound), (outcome.Result.Status, outcome.Error!.Id));
        Assert.Equal("id-a", _store.LocalId("company/os"));
    }

    [Fact]
    public async Task The_last_name_of_what_was_built_here_is_not_taken()
    {
        _store.AddLocal("company/os", MemoryStore.BuiltImage('a') with { Created = DateTimeOffset.UtcNow.AddHours(-3) });
        _store.AddRemote("r.co/company/os", 'b');

        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));

        Assert.Equal((RetagStatus.Failed, CraneErrorId.WouldLoseImage), (outcome.Result.Status, outcome.Error!.Id));
        Assert.Contains("'company/os' in memory", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Contains("3 hours ago", outcome.Error.Message, StringComparison.Ordinal);
        Assert.Equal("Push it, tag it, or use -Force to give it up.", outcome.Error.RecommendedAction);
        Assert.Equal(("id-a", "id-b"), (_store.LocalId("company/os"), _store.LocalId("r.co/company/os")));
    }

    [Fact]
    public async Task It_is_not_taken_either_by_the_pull_of_a_name_that_is_its_own_remote_name()
    {
        _store.AddLocal("r.co/company/os", MemoryStore.BuiltImage('a'));
        _store.AddRemote("r.co/company/os", 'b');

        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "r.co/company/os"));

        Assert.Equal(CraneErrorId.WouldLoseImage, outcome.Error?.Id);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task With_force_the_last_name_is_taken()
    {
        _store.AddLocal("company/os", MemoryStore.BuiltImage('a'));
        _store.AddRemote("r.co/company/os", 'b');
        await new Runs(_store) { Force = true }.OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal("id-b", _store.LocalId("company/os"));
    }

    [Theory]
    [InlineData("another name", "company/os:kept")]
    [InlineData("what was last pushed", "r.co/bob/os")]
    [InlineData("what was last seen in the official registry", "r.co/company/os")]
    public async Task An_image_with_another_name_is_not_lost(string why, string name)
    {
        _ = why;
        _store.AddLocal("company/os", MemoryStore.BuiltImage('a'));
        _store.AddLocal(name, MemoryStore.BuiltImage('a'));
        _store.AddRemote("r.co/company/os", 'b');
        await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal("id-b", _store.LocalId("company/os"));
    }

    [Theory]
    [InlineData("company/os")]
    [InlineData("r.co/company/os")]
    public async Task An_image_that_the_registry_still_has_by_its_digest_is_not_lost(string name)
    {
        _store.AddLocal(name, MemoryStore.BuiltImage('a'));
        _store.AddRemote("r.co/company/os", 'b');
        _store.AddRemote($"r.co/company/os@{MemoryStore.DigestOf('a')}", 'a');
        await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", name));
        Assert.Equal("id-b", _store.LocalId(name));
    }

    [Fact]
    public async Task The_same_image_under_another_digest_is_not_lost()
    {
        _store.AddLocal("company/os", MemoryStore.BuiltImage('a') with { ContentHash = MemoryStore.Image('b').ContentHash });
        _store.AddRemote("r.co/company/os", 'b');
        await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal("id-b", _store.LocalId("company/os"));
    }

    [Fact]
    public async Task What_was_built_while_the_pull_was_under_way_is_not_lost()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddRemote("r.co/company/os", 'b');
        _store.OnTransfer = (_, _, _) =>
        {
            _store.AddLocal("company/os", MemoryStore.BuiltImage('c'));
            return Task.CompletedTask;
        };
        var outcome = await new Runs(_store).OneAsync(Runs.Pull("r.co/company/os", "company/os"));
        Assert.Equal((CraneErrorId.WouldLoseImage, "id-c"), (outcome.Error!.Id, _store.LocalId("company/os")));
    }

    [Fact]
    public async Task Two_pulls_do_not_take_both_names_of_an_image()
    {
        foreach (var name in new[] { "company/os:1", "company/os:2" })
        {
            _store.AddLocal(name, MemoryStore.BuiltImage('a'));
            _store.AddRemote($"r.co/{name}", 'b');
        }

        var outcomes = await new Runs(_store).AllAsync(
            Runs.Pull("r.co/company/os:1", "company/os:1"), Runs.Pull("r.co/company/os:2", "company/os:2"));
        Assert.Equal(CraneErrorId.WouldLoseImage, Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Id);
    }
}
