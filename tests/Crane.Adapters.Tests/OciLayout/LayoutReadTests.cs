using Crane.Adapters.OciLayout;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class LayoutReadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read_by_name_and_by_digest()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make(layers: 2);
        await image.WriteAsync(await layout.OpenAsync(), "company/os:1");
        var store = await layout.OpenAsync();

        foreach (var name in new[] { "company/os:1", $"company/os@{image.Digest}", $"other/name:2@{image.Digest}" })
        {
            var found = await store.ResolveAsync(ImageName.Parse(name), Cancellation);
            Assert.NotNull(found);
            Assert.Equal((image.Digest, image.Manifest.Descriptor.Size, MediaTypes.OciManifest), (found.Digest, found.Size, found.MediaType));
            var manifest = await store.ReadManifestAsync(Sample.Repository, found, Cancellation);
            Assert.Equal(image.Manifest.Bytes.ToArray(), manifest.Bytes.ToArray());
        }
        foreach (var blob in image.Blobs)
            Assert.Equal(image.Bytes(blob)[7..], await ReadAsync(store, blob, offset: 7));
    }

    [Fact]
    public async Task An_image_without_a_name_is_found_by_its_digest()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store);
        Assert.Empty(layout.Entries());

        var found = await store.ResolveAsync(ImageName.Parse($"company/os@{image.Digest}"), Cancellation);

        Assert.Equal((image.Digest, MediaTypes.OciManifest), (found?.Digest, found?.MediaType));
        Assert.Null(await store.ResolveAsync(ImageName.Parse($"company/os:1@{SampleImage.Make().Digest}"), Cancellation));
    }

    [Fact]
    public async Task A_manifest_that_was_changed_on_disk_is_a_mismatch_until_it_is_written_again()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        var bytes = image.Manifest.Bytes.ToArray();
        bytes[5]++;
        await File.WriteAllBytesAsync(layout.BlobPath(image.Digest), bytes, Cancellation);

        var error = await Assert.ThrowsAsync<CraneException>(
            () => store.ReadManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.Contains(layout.BlobPath(image.Digest)[^30..], error.Message, StringComparison.Ordinal);
        Assert.False(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));

        await image.WriteAsync(store, "company/os");
        Assert.True(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
    }

    [Fact]
    public async Task Indexes_that_list_each_other_many_times_are_read_once()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store);
        Descriptor[] level = [image.Manifest.Descriptor];
        for (var depth = 0; depth < 30; depth++)
        {
            var indexes = new[] { Sample.Index([.. level, .. level]), Sample.Index([.. level.Reverse(), level[0]]) };
            foreach (var index in indexes)
                await store.WriteManifestAsync(Sample.Repository, index, Cancellation);
            level = [.. indexes.Select(index => index.Descriptor)];
        }

        Assert.True(await store.HasManifestAsync(Sample.Repository, level[0], Cancellation));
        File.Delete(layout.BlobPath(image.Blobs.First().Digest));
        Assert.False(await store.HasManifestAsync(Sample.Repository, level[0], Cancellation));
    }

    [Fact]
    public async Task Missing_content_is_not_found()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();

        foreach (var error in new[]
        {
            await Assert.ThrowsAsync<CraneException>(() => store.ReadManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation)),
            await Assert.ThrowsAsync<CraneException>(() => store.OpenBlobAsync(Sample.Repository, image.Blobs.First(), 0, Cancellation)),
        })
        {
            Assert.Equal(CraneErrorId.ImageNotFound, error.Id);
            Assert.Contains($"oci:{layout.Folder}", error.Message, StringComparison.Ordinal);
            Assert.Contains("'company/os'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_blob_of_another_length_is_refused()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store);
        var blob = image.Blobs.First();
        await File.WriteAllTextAsync(layout.BlobPath(blob.Digest), "short", Cancellation);

        var error = await Assert.ThrowsAsync<CraneException>(() => store.OpenBlobAsync(Sample.Repository, blob, 0, Cancellation));

        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.Contains("has 5 bytes instead of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_is_not_read_as_a_manifest()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var content = new byte[Manifest.MaxSize + 1];
        var blob = Sample.Blob(content);
        await store.WriteBlobAsync(Sample.Repository, Sample.Write(blob, content), Cancellation);

        var error = await Assert.ThrowsAsync<CraneException>(
            () => store.ResolveAsync(ImageName.Parse($"company/os@{blob.Digest}"), Cancellation));

        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("too large for a manifest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_is_complete_when_its_manifest_and_every_blob_exist()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make(layers: 2);
        await image.WriteAsync(store, "company/os");
        Assert.True(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));

        foreach (var digest in image.Blobs.Select(blob => blob.Digest).Append(image.Digest))
        {
            var (path, aside) = (layout.BlobPath(digest), layout.BlobPath(digest) + ".aside");
            File.Move(path, aside);
            Assert.False(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
            File.Move(aside, path);
        }
        Assert.True(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
    }

    [Fact]
    public async Task Blobs_may_be_links()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right of their own there.");
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        foreach (var path in image.Blobs.Select(blob => layout.BlobPath(blob.Digest)))
        {
            File.Move(path, path + ".elsewhere");
            File.CreateSymbolicLink(path, path + ".elsewhere");
        }

        Assert.True(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
        Assert.Equal(image.Bytes(image.Blobs.First()), await ReadAsync(store, image.Blobs.First(), offset: 0));
        File.Delete(layout.BlobPath(image.Blobs.First().Digest) + ".elsewhere");
        Assert.False(await store.HasManifestAsync(Sample.Repository, image.Manifest.Descriptor, Cancellation));
    }

    [Fact]
    public async Task For_a_writer_a_name_exists_only_when_its_image_is_complete()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        Assert.Equal(image.Digest, (await store.CurrentAsync(Sample.Repository, Cancellation))?.Digest);

        File.Delete(layout.BlobPath(image.Blobs.Last().Digest));

        Assert.Null(await store.CurrentAsync(Sample.Repository, Cancellation));
        Assert.Equal(image.Digest, (await store.ResolveAsync(Sample.Repository, Cancellation))?.Digest);
    }

    [Theory]
    [InlineData("""{"mediaType":"a","digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":"1"}""")]
    [InlineData("""{"mediaType":"\ud800","digest":"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","size":1}""")]
    [InlineData("null")]
    public async Task An_invalid_manifest_is_an_error(string config)
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var content = Sample.Bytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{config}},"layers":[]}""");
        var blob = Sample.Blob(content, MediaTypes.OciManifest);
        await store.WriteBlobAsync(Sample.Repository, Sample.Write(blob, content), Cancellation);

        var error = await Assert.ThrowsAsync<CraneException>(() => store.ReadManifestAsync(Sample.Repository, blob, Cancellation));

        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("'company/os'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_is_complete_when_its_images_are()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var (first, second) = (SampleImage.Make(), SampleImage.Make());
        var index = Sample.Index(first.Manifest.Descriptor, second.Manifest.Descriptor);
        await first.WriteAsync(store);
        await store.WriteTagAsync(Sample.Repository, index, Cancellation);
        Assert.False(await store.HasManifestAsync(Sample.Repository, index.Descriptor, Cancellation));

        await second.WriteAsync(store);

        Assert.True(await store.HasManifestAsync(Sample.Repository, index.Descriptor, Cancellation));
        File.Delete(layout.BlobPath(second.Blobs.Last().Digest));
        Assert.False(await store.HasManifestAsync(Sample.Repository, index.Descriptor, Cancellation));
        Assert.Single(layout.Entries());
    }

    [Fact]
    public async Task Foreign_layers_need_not_exist()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var config = Sample.Bytes("{}");
        var manifest = Sample.Manifest(new
        {
            schemaVersion = 2,
            mediaType = MediaTypes.OciManifest,
            config = Sample.Json(Sample.Blob(config)),
            layers = new[] { Sample.Json(Sample.Blob([1], "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")) },
        });
        await store.WriteBlobAsync(Sample.Repository, Sample.Write(manifest.Config!, config), Cancellation);

        await store.WriteTagAsync(Sample.Repository, manifest, Cancellation);

        Assert.True(await store.HasManifestAsync(Sample.Repository, manifest.Descriptor, Cancellation));
    }

    [Fact]
    public async Task A_referrer_is_found_by_its_subject_without_having_a_name()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        var (signature, other) = (Signature(image.Manifest.Descriptor), Signature(SampleImage.Make().Manifest.Descriptor));

        foreach (var manifest in new[] { signature, other, signature })
            await store.WriteManifestAsync(Sample.Repository, manifest, Cancellation);

        var referrer = Assert.Single(await store.ReferrersAsync(Sample.Repository, image.Digest, Cancellation));
        Assert.Equal((signature.Descriptor.Digest, "application/vnd.example.signature"), (referrer.Digest, referrer.ArtifactType));
        Assert.Equal("bob", referrer.Annotations["by"]);
        Assert.Equal(["company/os:latest", null, null], layout.RefNames());
        Assert.Equal("application/vnd.example.signature", layout.Entries()[1].GetProperty("artifactType").GetString());
        Assert.Equal("bob", layout.Entries()[1].GetProperty("annotations").GetProperty("by").GetString());
    }

    [Fact]
    public async Task A_referrer_that_has_a_name_is_found_too_and_listed_once()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        var signature = Signature(image.Manifest.Descriptor);
        await store.WriteTagAsync(ImageName.Parse("company/signature:1"), signature, Cancellation);
        await store.WriteTagAsync(ImageName.Parse("company/signature:2"), signature, Cancellation);

        Assert.Single(await store.ReferrersAsync(Sample.Repository, image.Digest, Cancellation));
    }

    [Fact]
    public async Task An_entry_whose_manifest_is_missing_hides_no_referrer()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        await store.WriteManifestAsync(Sample.Repository, Signature(image.Manifest.Descriptor), Cancellation);
        File.Delete(layout.BlobPath(image.Digest));

        Assert.Single(await store.ReferrersAsync(Sample.Repository, image.Digest, Cancellation));
    }

    private static Manifest Signature(Descriptor subject) => Sample.Manifest(new
    {
        schemaVersion = 2,
        mediaType = MediaTypes.OciManifest,
        artifactType = "application/vnd.example.signature",
        config = Sample.Json(Sample.Blob(Sample.Bytes("{}"), "application/vnd.oci.empty.v1+json")),
        layers = Array.Empty<object>(),
        subject = Sample.Json(subject),
        annotations = new Dictionary<string, string> { ["by"] = "bob", ["org.opencontainers.image.ref.name"] = "not/a/name:1" },
    });

    private static async Task<byte[]> ReadAsync(LayoutStore store, Descriptor blob, long offset)
    {
        await using var stream = await store.OpenBlobAsync(Sample.Repository, blob, offset, Cancellation);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }
}
