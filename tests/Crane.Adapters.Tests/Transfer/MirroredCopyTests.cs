using Crane.Testing;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>Copies from a registry that has a mirror: whatever goes wrong with the mirror, the registry itself is used instead.</summary>
public sealed class MirroredCopyTests
{
    private const string Blob = "*/blobs/sha256*";
    private const string Manifest = "*/manifests/*";

    public static TheoryData<string> Faults => [.. Of.Keys];

    private static Dictionary<string, (string Path, FaultAction Action)> Of { get; } = new()
    {
        ["reset in mid-blob"] = (Blob, DownloadFault.ResetAfter(100)),
        ["truncated blob"] = (Blob, DownloadFault.TruncateAfter(100)),
        ["a blob that ends too early by its own account"] = (Blob, DownloadFault.ShortenTo(100)),
        ["other bytes in a blob"] = (Blob, DownloadFault.Corrupt(10)),
        ["truncated manifest"] = (Manifest, DownloadFault.TruncateAfter(100)),
        ["other bytes in a manifest"] = (Manifest, DownloadFault.Corrupt(10)),
        ["a manifest of 100 MB"] = (Manifest, ResponseFault.Flood(100_000_000, "application/vnd.oci.image.manifest.v1+json")),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Copy_recovers_from_a_mirror_that_always_gives(string kind)
    {
        var fault = new Fault("GET", Of[kind].Path, Of[kind].Action) { Times = 1000 };
        await using var source = await TestRegistry.StartAsync();
        await using var mirror = await FaultProxy.StartAsync(source.Address, fault);
        await using var target = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(source.Address);
        var image = await seeder.PutImageAsync("a/b", "1", "amd64", SampleLayer.Random(2_000_000));
        await using var job = new CopyJob(settings: [new RegistrySetting { RegistryHost = source.Host, Mirror = [mirror.Host] }]);

        var outcome = await job.CopyAsync($"{source.Host}/a/b:1", $"{target.Host}/a/b:1");

        Assert.Null(outcome.Error);
        Assert.InRange(fault.Strikes, 1, 2);    // once for each blob
        Assert.Equal(image.Digest, (await job.CompleteAsync($"{target.Host}/a/b:1"))?.ToString());
    }

    [Fact]
    public async Task What_mirror_and_registry_both_have_wrong_is_read_twice_and_is_the_registrys_error()
    {
        await using var source = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(source.Address);
        var image = await seeder.PutImageAsync("a/b", "1", "amd64", SampleLayer.Random(2_000_000));
        var fault = new Fault("GET", $"*/blobs/{image.Parts[1]}", DownloadFault.Corrupt(300_000)) { Times = 1000 };
        await using var damaged = await FaultProxy.StartAsync(source.Address, fault);
        await using var mirror = await FaultProxy.StartAsync(damaged.Address);
        await using var target = await TestRegistry.StartAsync();
        await using var job = new CopyJob(settings: [new RegistrySetting { RegistryHost = damaged.Host, Mirror = [mirror.Host] }]);

        var outcome = await job.CopyAsync($"{damaged.Host}/a/b:1", $"{target.Host}/a/b:1");

        Assert.Equal(CraneErrorId.DigestMismatch, outcome.Error?.Id);
        Assert.Equal(2, fault.Strikes);
        Assert.Null(await job.CompleteAsync($"{target.Host}/a/b:1"));
    }
}
