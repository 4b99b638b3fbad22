using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Core.Tests.Execution;

public sealed class PushRunTests
{
    private static readonly ImagePlatform Amd64 = new("linux", "amd64", null);
    private static readonly ImagePlatform Arm64 = new("linux", "arm64", null);

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
        Assert.Equal(["tag company/os r.co/bob/os"], _store.Calls);
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
    public async Task A_failed_push_gives_a_name_back_that_was_there_before()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddLocal("r.co/bob/os", 'b');
        _store.OnTransfer = (_, _, _) => throw new CraneException(CraneErrorId.PushFailed, "no");
        await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal("id-b", _store.LocalId("r.co/bob/os"));
    }

    [Fact]
    public async Task A_stopped_push_gives_it_back_too()
    {
        _store.AddLocal("company/os", 'a');
        _store.AddLocal("r.co/bob/os", 'b');
        using var stop = new CancellationTokenSource();
        _store.OnTransfer = async (_, _, cancellation) =>
        {
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
        };
        await foreach (var outcome in new Runs(_store).StreamAsync([Runs.Push("company/os", "r.co/bob/os")], stop.Token))
            Assert.Equal(RetagStatus.Canceled, outcome.Result.Status);
        Assert.Equal("id-b", _store.LocalId("r.co/bob/os"));
    }

    [Fact]
    public async Task Why_a_push_failed_is_not_hidden_by_what_fails_after_it()
    {
        _store.AddLocal("company/os", 'a');
        _store.OnTransfer = (_, _, _) => throw new CraneException(CraneErrorId.PushFailed, "quota exceeded");
        _store.OnUntag = () => throw new CraneException(CraneErrorId.TagFailed, "a container uses it");
        var runs = new Runs(_store);
        var outcome = await runs.OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal((CraneErrorId.PushFailed, "quota exceeded"), (outcome.Error!.Id, outcome.Error.Message));
        Assert.Contains("a container uses it", Assert.Single(runs.Warnings), StringComparison.Ordinal);
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
    public async Task A_digest_in_the_target_is_what_the_registry_must_return()
    {
        _store.AddLocal("company/os:1", 'a');
        var good = await new Runs(_store).OneAsync(Runs.Push("company/os:1", $"r.co/bob/os:1@{MemoryStore.DigestOf('a')}"));
        Assert.Equal(RetagStatus.Succeeded, good.Result.Status);
        var bad = await new Runs(_store).OneAsync(Runs.Push("company/os:1", $"r.co/bob/os:1@{MemoryStore.DigestOf('b')}"));
        Assert.Equal(CraneErrorId.DigestMismatch, bad.Error!.Id);
    }

    [Theory]
    [InlineData("its store would push another one")]
    [InlineData("it is not known by it")]
    [InlineData("it is that of an index")]
    [InlineData("it is that of a manifest which the engine does not make")]
    public async Task A_digest_that_the_engine_would_not_send_is_refused_before_anything_is_sent(string why)
    {
        var (digest, makes) = (MemoryStore.DigestOf('e'), MemoryStore.Image('a') with { PushDigest = null });
        var known = makes with { Digests = new HashSet<Digest> { digest }, Origins = [ImageName.Parse($"r.co/company/os@{digest}")] };
        _store.AddLocal("company/os", why switch
        {
            "its store would push another one" => MemoryStore.Image('a') with { Digests = new HashSet<Digest> { digest } },
            "it is not known by it" => makes,
            _ => known,
        });
        _store.AddRemote($"r.co/company/os@{digest}", RemoteImage.Present(digest) with
        {
            MediaType = why.EndsWith("index", StringComparison.Ordinal) ? MediaTypes.DockerList : MediaTypes.OciManifest,
        });

        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os", $"r.co/bob/os:1@{digest}"));

        Assert.Equal(CraneErrorId.DigestMismatch, outcome.Error?.Id);
        Assert.Contains("Copy-CraneImage", outcome.Error!.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task A_digest_that_the_engine_may_make_again_is_pushed()
    {
        var digest = MemoryStore.DigestOf('a');
        _store.AddLocal("company/os", MemoryStore.Image('a') with { PushDigest = null });
        _store.AddRemote($"r.co/origin@{digest}", RemoteImage.Present(digest) with { MediaType = MediaTypes.DockerManifest });
        var outcome = await new Runs(_store).OneAsync(Runs.Push("company/os", $"r.co/bob/os:1@{digest}"));
        Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Platforms_that_stay_behind_are_a_warning(bool keepsManifests)
    {
        var image = MemoryStore.Image('a') with { Platforms = [Amd64] };
        _store.AddLocal("company/os", keepsManifests ? image with { AbsentPlatforms = [Arm64] } : image with { PushDigest = null });
        _store.AddRemote(
            $"r.co/origin@{MemoryStore.DigestOf('a')}", RemoteImage.Present(MemoryStore.DigestOf('a')) with { Platforms = [Amd64, Arm64] });
        var runs = new Runs(_store);

        var outcome = await runs.OneAsync(Runs.Push("company/os", "r.co/bob/os"));

        Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status);
        Assert.Contains("does not have it for linux/arm64", Assert.Single(runs.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_does_not_lose_platforms_unless_forced()
    {
        _store.AddLocal("company/os", MemoryStore.Image('a') with { Platforms = [Amd64] });
        _store.AddRemote("r.co/bob/os", RemoteImage.Present(MemoryStore.DigestOf('b')) with { Platforms = [Amd64, Arm64] });

        var refused = await new Runs(_store).OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(CraneErrorId.WouldLoseImage, refused.Error?.Id);
        Assert.Contains("would remove linux/arm64", refused.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Calls);

        var forced = await new Runs(_store) { Force = true }.OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(RetagStatus.Succeeded, forced.Result.Status);
    }

    [Theory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public async Task An_image_for_one_platform_may_be_replaced_by_another_one(string there)
    {
        _store.AddLocal("company/os", MemoryStore.Image('a') with { Platforms = [Amd64] });
        _store.AddRemote("r.co/bob/os", RemoteImage.Present(MemoryStore.DigestOf('b')) with { Platforms = [new("linux", there, null)] });
        var runs = new Runs(_store);
        Assert.Equal(RetagStatus.Succeeded, (await runs.OneAsync(Runs.Push("company/os", "r.co/bob/os"))).Result.Status);
        Assert.Empty(runs.Warnings);
    }

    [Fact]
    public async Task What_the_store_wants_the_user_to_know_is_a_warning()
    {
        _store.AddLocal("company/os", 'a');
        _store.OnTransfer = (_, progress, _) =>
        {
            progress.Report(new TransferProgress("", "not all of it is here", IsTransfer: false, 0, 0) { IsNote = true });
            return Task.CompletedTask;
        };
        var runs = new Runs(_store);
        await runs.OneAsync(Runs.Push("company/os", "r.co/bob/os"));
        Assert.Equal(["not all of it is here"], runs.Warnings);
    }
}
