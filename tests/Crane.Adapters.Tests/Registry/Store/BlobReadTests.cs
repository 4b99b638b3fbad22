using System.Text;
using Crane.Names;
using Crane.Oci;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>Blobs are opened at any position, whatever the registry makes of ranges.</summary>
public sealed class BlobReadTests
{
    private static readonly byte[] Hello = "hello"u8.ToArray();
    private static readonly Descriptor Blob = new("application/octet-stream", Digest.OfSha256(Hello), 5);
    private static readonly ImageName Image = ImageName.Parse("r.io/a/b:1");

    private readonly ScriptedHttp _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(206, "lo", "bytes 3-4/5")]
    [InlineData(206, "llo", "bytes 2-4/5")]
    [InlineData(200, "hello", "")]
    public async Task Blob_is_opened_in_the_middle(int status, string body, string range)
    {
        _http.On($"GET a/b/blobs/{Blob.Digest}", status, Encoding.UTF8.GetBytes(body), ("Content-Range", range));
        Assert.Equal("lo", await ReadAsync(3));
        Assert.Equal("bytes=3-", _http.Requests.Single().Range?.ToString());
    }

    [Fact]
    public async Task Whole_blob_is_asked_for_without_a_range()
    {
        _http.On($"GET a/b/blobs/{Blob.Digest}", 200, Hello);
        Assert.Equal("hello", await ReadAsync(0));
        Assert.Null(_http.Requests.Single().Range);
    }

    [Theory]
    [InlineData(404, "", CraneErrorId.ImageNotFound)]
    [InlineData(416, "", CraneErrorId.PullFailed)]
    [InlineData(206, "bytes 4-4/5", CraneErrorId.PullFailed)]
    [InlineData(200, "", CraneErrorId.PullFailed)] // and too short
    public async Task Anything_else_is_an_error(int status, string range, CraneErrorId id)
    {
        _http.On($"GET a/b/blobs/{Blob.Digest}", status, "h"u8.ToArray(), ("Content-Range", range));
        Assert.Equal(id, (await Assert.ThrowsAsync<CraneException>(() => ReadAsync(3))).Id);
    }

    [Fact]
    public async Task Endless_manifest_is_not_read_to_its_end()
    {
        await using var registry = await TestRegistry.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(
            registry.Address, new Fault("GET", "*/manifests/*", ResponseFault.Flood(long.MaxValue, MediaTypes.OciManifest, tellsLength: false)));
        await using var open = new OpenStore();
        var error = await Assert.ThrowsAsync<CraneException>(
            () => open.Store.ReadManifestAsync(ImageName.Parse($"{proxy.Host}/a/b:1"), Blob, Cancellation));

        // A client that read all of it would never get here.
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Manifest_that_breaks_off_is_read_again(bool isReset)
    {
        await using var registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        await using var proxy = await FaultProxy.StartAsync(
            registry.Address, new Fault("GET", "*/manifests/*", isReset ? DownloadFault.ResetAfter(50) : DownloadFault.TruncateAfter(50)));
        await using var open = new OpenStore();
        var name = ImageName.Parse($"{proxy.Host}/a/b:1");
        var found = await open.Store.ResolveAsync(name, Cancellation);
        var manifest = await open.Store.ReadManifestAsync(name, found!, Cancellation);
        Assert.Equal(image.Content, manifest.Bytes.ToArray());
    }

    private async Task<string> ReadAsync(long offset)
    {
        await using var stream = await _http.Store.OpenBlobAsync(Image, Blob, offset, Cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
