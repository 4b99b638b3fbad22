using System.Text;
using Crane.Adapters.OciLayout;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>What Crane writes, other programs read, and the other way round.</summary>
public sealed class PeerTests
{
    private const string Name = "company/os:latest";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Skopeo_reads_what_Crane_wrote()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);

        Assert.Equal(Json(image), await RunAsync(layout, "skopeo", "inspect", "--raw", $"oci:images:{Name}"));
        await RunAsync(layout, "skopeo", "--insecure-policy", "copy", "--preserve-digests", $"oci:images:{Name}", "oci:copy:x");
        var copy = await LayoutStore.OpenAsync(Beside(layout, "copy"), Cancellation);
        Assert.True(await copy.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
    }

    [Fact]
    public async Task Oras_reads_what_Crane_wrote_by_name_by_digest_and_by_subject()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);

        Assert.Equal(Json(image), await RunAsync(layout, "oras", "manifest", "fetch", "--oci-layout-path", "images", Name));
        Assert.Equal(Json(image), await RunAsync(layout, "oras", "manifest", "fetch", "--oci-layout", $"images@{image.Digest}"));
        Assert.Equal(Name, (await RunAsync(layout, "oras", "repo", "tags", "--oci-layout", "images")).Trim());

        var signature = Sample.Manifest(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciManifest,
            artifactType = "application/vnd.example.signature",
            config = Sample.Json(image.Manifest.Config!),
            layers = Array.Empty<object>(),
            subject = Sample.Json(image.Manifest.Descriptor),
        });
        await (await layout.OpenAsync()).WriteManifestAsync(Sample.Repository, signature, Cancellation);
        var found = await RunAsync(layout, "oras", "discover", "--format", "json", "--oci-layout", $"images@{image.Digest}");
        Assert.Contains(signature.Descriptor.Digest.ToString(), found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Googles_crane_pushes_what_Crane_wrote()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);
        var target = $"{Testbed.Official}/crane-test-{Guid.NewGuid():n}/os:1";

        await RunAsync(layout, "crane", "push", "images", target);

        Assert.Equal(Json(image), await RunAsync(layout, "crane", "manifest", target));
    }

    [Fact]
    public async Task What_skopeo_wrote_is_read_and_the_rest_of_it_is_kept()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);
        foreach (var name in new[] { "company/service", "docker.io/company/db:1", "anything" })
            await RunAsync(layout, "skopeo", "--insecure-policy", "copy", "--preserve-digests", $"oci:images:{Name}", $"oci:theirs:{name}");
        var store = await LayoutStore.OpenAsync(Beside(layout, "theirs"), Cancellation);

        foreach (var name in new[] { "company/service:latest", "company/db:1" })
        {
            var found = await store.ResolveAsync(ImageName.Parse(name), Cancellation);
            Assert.Equal(image.Digest, found?.Digest);
            Assert.True(await store.HasManifestAsync(Sample.Repository, found!, Cancellation));
        }

        var newer = SampleImage.Make();
        await newer.WriteAsync(store, "company/service");
        (string Name, SampleImage Image)[] there =
            [("company/service", newer), ("company/service:latest", newer), ("docker.io/company/db:1", image), ("anything", image)];
        foreach (var (name, expected) in there)
            Assert.Equal(Json(expected), await RunAsync(layout, "skopeo", "inspect", "--raw", $"oci:theirs:{name}"));
    }

    [Fact]
    public async Task What_oras_copied_and_attached_is_read()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);
        await RunAsync(layout, "oras", "copy", "--from-oci-layout-path", "images", Name, "--to-oci-layout-path", "theirs", Name);
        await File.WriteAllTextAsync(Beside(layout, "signature.txt"), "yes", Cancellation);
        await RunAsync(
            layout, "oras", "attach", "--oci-layout-path", "theirs", "--artifact-type", "application/vnd.example.signature", Name, "signature.txt");
        var store = await LayoutStore.OpenAsync(Beside(layout, "theirs"), Cancellation);

        Assert.Equal(image.Digest, (await store.ResolveAsync(Sample.Repository, Cancellation))?.Digest);
        var referrer = Assert.Single(await store.ReferrersAsync(Sample.Repository, image.Digest, Cancellation));
        Assert.Equal("application/vnd.example.signature", referrer.ArtifactType);
        Assert.True(await store.HasManifestAsync(Sample.Repository, referrer, Cancellation));
    }

    [Fact]
    public async Task What_googles_crane_pulled_is_read()
    {
        await using var layout = new Layout();
        var image = await WriteAsync(layout);
        var remote = ImageName.Parse($"{Testbed.Official}/crane-test-{Guid.NewGuid():n}/os:1");
        await RunAsync(layout, "crane", "push", "images", remote.FullName);
        await RunAsync(layout, "crane", "pull", "--format=oci", "--annotate-ref", remote.FullName, "theirs");
        var store = await LayoutStore.OpenAsync(Beside(layout, "theirs"), Cancellation);

        Assert.Equal(image.Digest, (await store.ResolveAsync(remote, Cancellation))?.Digest);
        await SampleImage.Make().WriteAsync(store, "company/service");
        await RunAsync(layout, "crane", "pull", "--format=oci", remote.FullName, "theirs");
        Assert.NotNull(await store.ResolveAsync(ImageName.Parse("company/service"), Cancellation));
    }

    [Fact]
    public async Task What_buildx_built_is_read_under_each_of_its_names()
    {
        await using var layout = new Layout();
        Directory.CreateDirectory(Beside(layout, "context"));
        await File.WriteAllTextAsync(Beside(layout, "context/Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n", Cancellation);
        await RunAsync(
            layout, "docker", "buildx", "build", "--output", "type=oci,tar=false,dest=theirs",
            "-t", "company/os:1", "-t", "quay.io/company/os", "context");
        var store = await LayoutStore.OpenAsync(Beside(layout, "theirs"), Cancellation);

        foreach (var name in new[] { "company/os:1", "quay.io/company/os:latest" })
        {
            var found = await store.ResolveAsync(ImageName.Parse(name), Cancellation);
            Assert.True(await store.HasManifestAsync(Sample.Repository, found!, Cancellation));
        }
    }

    private static async Task<SampleImage> WriteAsync(Layout layout)
    {
        _ = Testbed.Folder;
        var image = SampleImage.Make(layers: 2);
        await image.WriteAsync(await layout.OpenAsync(), Name);
        return image;
    }

    private static Task<string> RunAsync(Layout layout, params string[] command) => Peer.RunAsync(Path.GetDirectoryName(layout.Folder)!, command);

    private static string Beside(Layout layout, string name) => Path.Combine(Path.GetDirectoryName(layout.Folder)!, name);

    private static string Json(SampleImage image) => Encoding.UTF8.GetString(image.Manifest.Bytes.Span);
}
