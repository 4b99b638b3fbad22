using System.Text;
using Crane.Adapters.Registry;
using Crane.Names;
using Crane.Oci;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>What refers to a manifest, in registries that list that and in those where clients do.</summary>
public sealed class ReferrerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registry_lists_them_in_pages()
    {
        await using var registry = await TestRegistry.StartAsync(new() { PageSize = 2 });
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        var expected = new List<string>();
        for (var count = 0; count < 5; count++)
            expected.Add((await seeder.PutReferrerAsync(image, "test/sbom")).Digest);
        await using var open = new OpenStore();
        Assert.Equal(expected.Order(), (await ReadAsync(open, registry, image.Digest)).Select(referrer => referrer.Digest.ToString()).Order());
    }

    [Fact]
    public async Task Clients_list_them_under_a_tag_where_the_registry_does_not_and_leave_none_out()
    {
        await using var registry = await TestRegistry.StartAsync(new() { HasReferrers = false });
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        await using var open = new OpenStore();
        Assert.Empty(await ReadAsync(open, registry, image.Digest));

        var referrers = new List<Manifest>();
        for (var count = 0; count < 4; count++)
            referrers.Add(Referrer(await seeder.PutReferrerAsync(image, "test/sbom"), count));
        var name = ImageName.Parse($"{registry.Host}/a/b");
        await Task.WhenAll(referrers.Select(referrer => open.Store.WriteManifestAsync(name, referrer, Cancellation)));
        await open.Store.WriteManifestAsync(name, referrers[0], Cancellation);

        var listed = await ReadAsync(open, registry, image.Digest);
        Assert.Equal(
            referrers.Select(referrer => referrer.Descriptor.Digest.ToString()).Order(), listed.Select(referrer => referrer.Digest.ToString()).Order());
        Assert.All(listed, referrer => Assert.Equal("test/sbom", referrer.ArtifactType));
    }

    [Fact]
    public async Task Image_under_the_tag_of_the_list_stays_and_is_an_error()
    {
        await using var registry = await TestRegistry.StartAsync(new() { HasReferrers = false });
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        var tag = image.Digest.Replace(':', '-');
        var other = await seeder.PutImageAsync("a/b", tag);
        var referrer = Referrer(await seeder.PutReferrerAsync(image, "test/sbom"), 0);
        await using var open = new OpenStore();

        var error = await Assert.ThrowsAsync<CraneException>(
            () => open.Store.WriteManifestAsync(ImageName.Parse($"{registry.Host}/a/b"), referrer, Cancellation));

        Assert.Equal(CraneErrorId.PushFailed, error.Id);
        Assert.Contains($"'{registry.Host}/a/b'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"the tag '{tag}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"delete the tag '{tag}'", error.RecommendedAction!, StringComparison.Ordinal);
        var left = await open.Store.ResolveAsync(ImageName.Parse($"{registry.Host}/a/b:{tag}"), Cancellation);
        Assert.Equal(other.Digest, left?.Digest.ToString());
    }

    [Fact]
    public async Task List_with_a_key_twice_is_an_error_and_stays()
    {
        var (config, subject) = (Digest.OfSha256("{}"u8), Digest.OfSha256("x"u8));
        var name = ImageName.Parse("r.io/a/b");
        var referrer = Manifest.Read(
            Encoding.UTF8.GetBytes(
                $$$"""{"config":{"mediaType":"a/b","digest":"{{{config}}}","size":2},"layers":[],"subject":{"mediaType":"a/b","digest":"{{{subject}}}","size":1}}"""),
            MediaTypes.OciManifest, digest: null, name);
        var http = new ScriptedHttp()
            .On($"PUT a/b/manifests/{referrer.Descriptor.Digest}", 201)
            .On($"GET a/b/manifests/sha256-{subject.Hex}", 200,
                Encoding.UTF8.GetBytes("""{"manifests":[],"a":1,"a":2}"""), ("Content-Type", MediaTypes.OciIndex));

        var error = await Assert.ThrowsAsync<CraneException>(() => http.Store.WriteManifestAsync(name, referrer, Cancellation));

        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.StartsWith($"The manifest of 'r.io/a/b:sha256-{subject.Hex}' cannot be used", error.Message, StringComparison.Ordinal);
        http.AssertDone();
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(400, "")]
    [InlineData(501, "")]
    [InlineData(200, "text/html")]
    public async Task Responses_of_registries_without_the_list_lead_to_the_tag(int status, string type)
    {
        var subject = Digest.OfSha256("x"u8);
        var http = new ScriptedHttp()
            .On($"GET a/b/referrers/{subject}", status, Encoding.UTF8.GetBytes("<html>"), ("Content-Type", type))
            .On($"GET a/b/manifests/sha256-{subject.Hex}", 404);
        Assert.Empty(await http.Store.ReferrersAsync(ImageName.Parse("r.io/a/b"), subject, Cancellation));
        http.AssertDone();
    }

    [Fact]
    public async Task Endless_list_is_an_error_that_names_its_limit()
    {
        var subject = Digest.OfSha256("x"u8);
        var entry = $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"{{subject}}","size":1}""";
        var http = new ScriptedHttp().On(
            $"GET a/b/referrers/{subject}", 200, Encoding.UTF8.GetBytes($"{{\"manifests\":[{string.Join(',', Enumerable.Repeat(entry, 1_001))}]}}"),
            ("Content-Type", MediaTypes.OciIndex));
        var error = await Assert.ThrowsAsync<CraneException>(() => http.Store.ReferrersAsync(ImageName.Parse("r.io/a/b"), subject, Cancellation));
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("there are more than 1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tag_for_a_long_digest_is_cut()
    {
        Assert.True(Digest.TryParse($"sha512:{new string('a', 64)}{new string('b', 64)}", out var digest));
        Assert.Equal($"sha512-{new string('a', 64)}", ReferrersTag.Of(digest));
    }

    private static Task<IReadOnlyList<Descriptor>> ReadAsync(OpenStore open, TestRegistry registry, string subject)
    {
        Assert.True(Digest.TryParse(subject, out var digest));
        return open.Store.ReferrersAsync(ImageName.Parse($"{registry.Host}/a/b"), digest, Cancellation);
    }

    /// <summary>Another manifest of the same blobs.</summary>
    private static Manifest Referrer(SampleManifest sample, int number) => Manifest.Read(
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(sample.Content).Replace("{\"schemaVersion\":2", $"{{\"schemaVersion\":2,\"n\":{number}", StringComparison.Ordinal)),
        sample.MediaType, digest: null, ImageName.Parse("r.io/a/b"));
}
