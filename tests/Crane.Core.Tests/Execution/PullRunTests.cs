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
}
