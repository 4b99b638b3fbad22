using Crane.Names;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>Docker's own registry, and the field's own clients: what they wrote is read, and what is written they read.</summary>
public sealed class StorePeerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Index_of_skopeo_is_copied_and_skopeo_and_crane_find_it_whole(bool isOci)
    {
        await using var registry = await RealRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address) { Format = isOci ? ManifestFormat.Oci : ManifestFormat.Docker };
        var index = await seeder.PutIndexAsync(
            "seed", "1", await seeder.PutImageAsync("seed"), await seeder.PutImageAsync("seed", architecture: "arm64"));
        await TestbedProgram.RunAsync(
            "skopeo", "copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false",
            $"docker://{registry.Host}/seed:1", $"docker://{registry.Host}/theirs:1");

        await using var open = new OpenStore();
        await open.CopyAsync(ImageName.Parse($"{registry.Host}/theirs:1"), ImageName.Parse($"{registry.Host}/ours:1"));

        Assert.Equal(index.Digest, await TestbedProgram.RunAsync("crane", "digest", "--insecure", $"{registry.Host}/ours:1"));
        await TestbedProgram.RunAsync("crane", "validate", "--insecure", "--remote", $"{registry.Host}/ours:1");
        Assert.Equal(
            System.Text.Encoding.UTF8.GetString(index.Content),
            await TestbedProgram.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{registry.Host}/ours:1"));
    }

    [Fact]
    public async Task Referrers_of_oras_are_found_and_oras_finds_ours_in_a_registry_that_lists_none()
    {
        await using var registry = await RealRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        using var folder = new TemporaryFolder();
        await TestbedProgram.RunAsync(
            "oras", "attach", "--plain-http", "--disable-path-validation", "--artifact-type", "test/sbom", $"{registry.Host}/a/b:1",
            folder.Write("sbom.json", "{}"));

        await using var open = new OpenStore();
        var (from, to) = (ImageName.Parse($"{registry.Host}/a/b:1"), ImageName.Parse($"{registry.Host}/ours:1"));
        await open.CopyAsync(from, to);
        Assert.True(Digest.TryParse(image.Digest, out var subject));
        var referrer = Assert.Single(await open.Store.ReferrersAsync(from, subject, Cancellation));
        await open.CopyAsync(
            ImageName.Parse($"{registry.Host}/a/b@{referrer.Digest}"), ImageName.Parse($"{registry.Host}/ours@{referrer.Digest}"));

        var found = await TestbedProgram.RunAsync("oras", "discover", "--plain-http", "--format", "json", to.ToString());
        Assert.Contains(referrer.Digest.ToString(), found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_upload_to_dockers_registry_ends_well()
    {
        await using var registry = await RealRegistry.StartAsync();
        var fault = new Fault("PUT", "*/blobs/uploads/*", UploadFault.ResetAfter(2_000_000)) { Times = 2 };
        await using var proxy = await FaultProxy.StartAsync(registry.Address, fault);
        await using var open = new OpenStore();
        var blob = new SampleBlob(3_000_000);
        var image = ImageName.Parse($"{proxy.Host}/a/b");
        await open.Store.WriteBlobAsync(image, blob.Write, Cancellation);
        Assert.True(fault.Strikes > 0);
        Assert.True(await open.Store.HasBlobAsync(image, blob.Descriptor, Cancellation));
    }

    [Fact]
    public async Task Blob_is_sent_to_dockers_registry_in_chunks_where_something_in_front_wants_small_requests()
    {
        await using var registry = await RealRegistry.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(
            registry.Address, new Fault("PUT", "*/blobs/uploads/*", ResponseFault.Status(413)));
        await using var open = new OpenStore();
        var blob = new SampleBlob(70_000_000);
        var image = ImageName.Parse($"{proxy.Host}/a/b");
        await open.Store.WriteBlobAsync(image, blob.Write, Cancellation);
        Assert.Equal(3, proxy.Requests.Like("PATCH", "*").Count);
        Assert.True(await open.Store.HasBlobAsync(image, blob.Descriptor, Cancellation));
    }
}
