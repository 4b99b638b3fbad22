using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>
/// Copies between docker's registries, behind proxies that let things go wrong: each copy ends well or with one clear error,
/// and no tag is ever there whose content is not.
/// </summary>
[Collection(nameof(WithoutCompany))]
public sealed class FaultyCopyTests : IAsyncLifetime
{
    private const string Blob = "*/blobs/sha256*";
    private const string Upload = "*/blobs/uploads/*";
    private const string Manifest = "*/manifests/*";
    private const int LayerSize = 2_000_000;

    private static readonly RegistryTimeouts ShortTimeouts = new() { Stall = TimeSpan.FromMilliseconds(700), Read = TimeSpan.FromSeconds(3), Write = TimeSpan.FromSeconds(4) };

    private RealRegistry _source = null!;
    private RealRegistry _target = null!;
    private string _digest = "";

    public static TheoryData<string> SourceFaults => [.. AtSource.Keys];

    public static TheoryData<string> TargetFaults => [.. AtTarget.Keys];

    // Three times where a fault is of large bodies: the first turn may be that of the configuration, which is small.
    private static Dictionary<string, Func<Fault>> AtSource { get; } = new()
    {
        ["reset in mid-blob"] = () => new("GET", Blob, DownloadFault.ResetAfter(500_000)) { Times = 3 },
        ["truncated body"] = () => new("GET", Blob, DownloadFault.TruncateAfter(500_000)) { Times = 3 },
        ["a body that ends too early by its own account"] = () => new("GET", Blob, DownloadFault.ShortenTo(500_000)) { Times = 3 },
        ["a Content-Length that is too large"] = () => new("GET", Blob, DownloadFault.WrongLength(10)) { Times = 2 },
        ["a stall"] = () => new("GET", Blob, DownloadFault.StallAfter(500_000)) { Times = 3 },
        ["429 with seconds"] = () => new("GET", "*", ResponseFault.RetryAfter(429, 1)) { Times = 2 },
        ["503 with a date"] = () => new("GET", "*", ResponseFault.RetryAfterDate(503, TimeSpan.FromSeconds(2))) { Times = 2 },
        ["500 in a burst"] = () => new("*", "*", ResponseFault.Status(500)) { Times = 3 },
    };

    private static Dictionary<string, Func<Fault>> AtTarget { get; } = new()
    {
        ["reset in mid-upload"] = () => new("PUT", Upload, UploadFault.ResetAfter(500_000)) { Times = 3 },
        ["a stalled upload"] = () => new("PUT", Upload, UploadFault.StallAfter(500_000)) { Times = 3 },
        ["a lost session"] = () => new("PUT", Upload, UploadFault.LoseSession()) { Times = 3 },
        ["429 with a date, on an upload"] = () => new("PUT", Upload, ResponseFault.RetryAfterDate(429, TimeSpan.FromSeconds(2))) { Times = 2 },
        ["503 with seconds, on a manifest"] = () => new("PUT", Manifest, ResponseFault.RetryAfter(503, 1)) { Times = 2 },
        ["500 in a burst, on an upload"] = () => new("POST", Upload, ResponseFault.Status(500)) { Times = 3 },
        ["a blob that it does not know yet"] = () => new("PUT", Manifest, ResponseFault.BlobUnknown(400)) { Times = 2 },
        ["a response that is lost"] = () => new("PUT", Manifest, ResponseFault.Reset()),
    };

    public async ValueTask InitializeAsync()
    {
        _source = await RealRegistry.StartAsync();
        _target = await RealRegistry.StartAsync();
        using var seeder = new RegistrySeeder(_source.Address);
        var image = await seeder.PutImageAsync("company/os", "1", "amd64", SampleLayer.Random(LayerSize), SampleLayer.Random(LayerSize));
        _digest = image.Digest;
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(SourceFaults))]
    public async Task Copy_recovers_from_a_source_with(string fault)
    {
        var injected = AtSource[fault]();
        await using var proxy = await FaultProxy.StartAsync(_source.Address, injected);
        await AssertCopiesAsync(proxy.Host, _target.Host);
        Assert.True(injected.Strikes > 0);
    }

    [Theory]
    [MemberData(nameof(TargetFaults))]
    public async Task Copy_recovers_from_a_target_with(string fault)
    {
        var injected = AtTarget[fault]();
        await using var proxy = await FaultProxy.StartAsync(_target.Address, injected);
        await AssertCopiesAsync(_source.Host, proxy.Host);
        Assert.True(injected.Strikes > 0);
    }

    [Fact]
    public async Task A_redirect_to_another_host_is_followed()
    {
        var elsewhere = new UriBuilder(_source.Address) { Host = "localhost" }.Uri;
        var redirect = new Fault("GET", Blob, ResponseFault.Redirect(elsewhere)) { Times = 3 };
        await using var proxy = await FaultProxy.StartAsync(_source.Address, redirect);
        await AssertCopiesAsync(proxy.Host, _target.Host);
        Assert.Equal(3, redirect.Strikes);
    }

    [Fact]
    public async Task A_mount_that_is_refused_becomes_an_upload()
    {
        using (var seeder = new RegistrySeeder(_source.Address))
        {
            var shared = SampleLayer.Random(LayerSize);
            await seeder.PutImageAsync("one", "1", "amd64", shared);
            await seeder.PutImageAsync("two", "1", "arm64", shared);
        }

        await using var proxy = await FaultProxy.StartAsync(_target.Address, new Fault("POST", "*mount=*", UploadFault.RefuseMount()) { Times = 9 });
        await using var job = new CopyJob();
        var outcomes = await job.CopyAsync(
            ($"{_source.Host}/one:1", $"{proxy.Host}/one:1"), ($"{_source.Host}/two:1", $"{proxy.Host}/two:1"));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.NotNull(await job.CompleteAsync($"{_target.Host}/one:1"));
        Assert.NotNull(await job.CompleteAsync($"{_target.Host}/two:1"));
    }

    [Fact]
    public async Task Blobs_that_the_target_has_lost_are_sent_again()
    {
        var refuse = ResponseFault.BlobUnknown(404);
        var lost = new Fault("PUT", Manifest, exchange =>
        {
            Directory.Delete(Path.Combine(_target.Folder, "data/docker/registry/v2/repositories/bob/os/_layers"), recursive: true);
            return refuse(exchange);
        });
        await using var proxy = await FaultProxy.StartAsync(_target.Address, lost);
        await AssertCopiesAsync(_source.Host, proxy.Host);
        Assert.Equal(1, lost.Strikes);
    }

    [Fact]
    public async Task A_target_that_never_knows_the_blobs_gets_no_tag() => await AssertFailsAsync(
        CraneErrorId.PushFailed, new Fault("PUT", Manifest, ResponseFault.BlobUnknown(400)) { Times = 9 }, atSource: false);

    [Fact]
    public async Task Wrong_bytes_are_an_error_and_no_tag_is_written() => await AssertFailsAsync(
        CraneErrorId.DigestMismatch, new Fault("GET", Blob, DownloadFault.Corrupt(300_000)) { Times = 9 }, atSource: true);

    [Fact]
    public async Task A_manifest_of_100_MB_is_an_error_and_is_not_read() => await AssertFailsAsync(
        CraneErrorId.PullFailed, new Fault("GET", Manifest, ResponseFault.Flood(100_000_000, "application/vnd.oci.image.manifest.v1+json")) { Times = 9 }, atSource: true);

    [Fact]
    public async Task A_registry_that_stays_broken_is_an_error() => await AssertFailsAsync(
        CraneErrorId.RegistryUnreachable, new Fault("*", "*", ResponseFault.Status(502)) { Times = 1000 }, atSource: true);

    [Fact]
    public async Task A_target_that_takes_blobs_but_no_manifest_gets_no_tag() => await AssertFailsAsync(
        CraneErrorId.PushFailed, new Fault("PUT", Manifest, ResponseFault.Status(400)) { Times = 9 }, atSource: false);

    private async Task AssertCopiesAsync(string source, string target)
    {
        await using var job = new CopyJob(ShortTimeouts);
        var outcome = await job.CopyAsync($"{source}/company/os:1", $"{target}/bob/os:1");
        Assert.Null(outcome.Error);
        Assert.Equal((RetagStatus.Succeeded, _digest), (outcome.Result.Status, outcome.Result.Digest));
        Assert.Equal(_digest, (await job.CompleteAsync($"{_target.Host}/bob/os:1"))?.ToString());
    }

    private async Task AssertFailsAsync(CraneErrorId id, Fault fault, bool atSource)
    {
        await using var proxy = await FaultProxy.StartAsync(atSource ? _source.Address : _target.Address, fault);
        await using var job = new CopyJob(ShortTimeouts);
        var outcome = await job.CopyAsync(
            $"{(atSource ? proxy.Host : _source.Host)}/company/os:1", $"{(atSource ? _target.Host : proxy.Host)}/bob/os:1");
        Assert.Equal(id, outcome.Error?.Id);
        Assert.NotEmpty(outcome.Error!.RecommendedAction ?? "");
        Assert.Null(await job.CompleteAsync($"{_target.Host}/bob/os:1"));
    }
}
