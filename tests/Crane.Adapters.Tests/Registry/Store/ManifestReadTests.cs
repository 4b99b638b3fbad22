using System.Text;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>What is read of manifests, from registries that respond in their own ways.</summary>
public sealed class ManifestReadTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"config":{"mediaType":"application/json","digest":"sha256:{{new string('1', 64)}}","size":2},"layers":[]}""");

    private static readonly Digest ContentDigest = Digest.OfSha256(Content);
    private static readonly ImageName Image = ImageName.Parse("r.io/a/b:1");
    private static readonly Descriptor Expected = new(MediaTypes.OciManifest, ContentDigest, Content.Length);
    private static readonly (string, string) TypeHeader = ("Content-Type", MediaTypes.OciManifest);

    private readonly ScriptedHttp _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tag_is_resolved_by_one_request()
    {
        _http.On("HEAD a/b/manifests/1", 200, Content, ("Docker-Content-Digest", ContentDigest.ToString()), TypeHeader);
        Assert.Equal(Expected, await _http.Store.ResolveAsync(Image, Cancellation));
        Assert.Equal(MediaTypes.Manifests, _http.Requests.Single().Accept);
    }

    [Theory]
    [InlineData("r.io/a/b", "latest")]
    [InlineData("r.io/a/b:1", "1")]
    [InlineData("r.io/a/b:1@{0}", "{0}")]
    [InlineData("r.io/a/b@{0}", "{0}")]
    public async Task Digest_goes_before_the_tag(string image, string reference)
    {
        _http.On($"HEAD a/b/manifests/{reference.Replace("{0}", ContentDigest.ToString(), StringComparison.Ordinal)}", 404);
        Assert.Null(await _http.Store.ResolveAsync(ImageName.Parse(image.Replace("{0}", ContentDigest.ToString(), StringComparison.Ordinal)), Cancellation));
    }

    [Theory]
    [InlineData(200)] // without the digest
    [InlineData(405)]
    [InlineData(400)]
    public async Task Manifest_itself_is_read_where_HEAD_is_refused(int status)
    {
        _http.On("HEAD a/b/manifests/1", status, Content).On("GET a/b/manifests/1", 200, Content, TypeHeader);
        Assert.Equal(Expected, await _http.Store.ResolveAsync(Image, Cancellation));
    }

    [Fact]
    public async Task Registry_that_resolves_a_digest_to_another_is_not_believed()
    {
        var image = ImageName.Parse($"r.io/a/b@{ContentDigest}");
        _http.On($"HEAD a/b/manifests/{ContentDigest}", 200, Content, ("Docker-Content-Digest", $"sha256:{new string('0', 64)}"), TypeHeader);
        Assert.Equal(CraneErrorId.DigestMismatch, (await ErrorAsync(() => _http.Store.ResolveAsync(image, Cancellation))).Id);
    }

    [Fact]
    public async Task Only_the_source_may_be_a_mirror_and_only_the_target_asks_to_push()
    {
        _http.On("HEAD a/b/manifests/1", 404).On("HEAD a/b/manifests/1", 404);
        var store = _http.Store;
        await store.ResolveAsync(Image, Cancellation);
        await store.CurrentAsync(Image, Cancellation);
        Assert.Equal([true, false], _http.Requests.Select(request => request.MayUseMirror));
        Assert.Equal([false, true], _http.Requests.Select(request => request.Scopes.Single().Push));
    }

    [Fact]
    public async Task Whatever_only_looks_asks_for_the_right_to_pull_and_may_read_a_mirror()
    {
        var config = "{}"u8.ToArray();
        var bytes = Encoding.UTF8.GetBytes(
            $$"""{"config":{"mediaType":"a/b","digest":"{{Digest.OfSha256(config)}}","size":2},"layers":[]}""");
        _http.On("GET a/b/manifests/1", 200, bytes, ("Docker-Content-Digest", Digest.OfSha256(bytes).ToString()), TypeHeader)
            .On($"GET a/b/blobs/{Digest.OfSha256(config)}", 200, config)
            .On("GET a/b/tags/list", 200, """{"tags":["1"]}"""u8.ToArray());
        Assert.Equal(2, (await new ContentInspector(_http.Store, isLocal: false).InspectAsync(Image, null, null, Cancellation)).SizeBytes);
        await foreach (var tag in _http.Store.TagsAsync(Image, Cancellation))
            Assert.Equal("1", tag);
        Assert.All(_http.Requests, request => Assert.Equal((true, false), (request.MayUseMirror, request.Scopes.Single().Push)));
        _http.AssertDone();
    }

    [Theory]
    [InlineData(400, CraneErrorId.PullFailed)]
    [InlineData(404, CraneErrorId.ImageNotFound)]
    public async Task Query_that_fails_does_not_mention_a_push(int status, CraneErrorId id)
    {
        var why = """{"errors":[{"message":"why"}]}"""u8.ToArray();
        _http.On("GET a/b/manifests/1", status, why);
        if (status == 404)
            _http.On("GET a/b/manifests/1", status, why);
        var error = await ErrorAsync(() => new ContentInspector(_http.Store, isLocal: false).InspectAsync(Image, null, null, Cancellation));
        Assert.Equal(id, error.Id);
        Assert.EndsWith(": why.", error.Message, StringComparison.Ordinal);
        _http.AssertDone();
    }

    [Theory]
    [InlineData("application/vnd.oci.image.manifest.v1+json")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Manifest_is_read_whatever_it_is_sent_as(string type)
    {
        _http.On($"GET a/b/manifests/{ContentDigest}", 200, Content, ("Content-Type", type));
        var manifest = await _http.Store.ReadManifestAsync(Image, Expected, Cancellation);
        Assert.Equal((MediaTypes.OciManifest, ContentDigest), (manifest.Descriptor.MediaType, manifest.Descriptor.Digest));
        Assert.Equal(Content, manifest.Bytes.ToArray());
    }

    [Theory]
    [InlineData("r.io/a/b:1")]
    [InlineData("r.io/a/b@{0}")]
    public async Task Web_page_is_no_manifest(string name)
    {
        var image = ImageName.Parse(name.Replace("{0}", ContentDigest.ToString(), StringComparison.Ordinal));
        var reference = image.Digest ?? image.Tag;
        var (page, type) = ("<html>"u8.ToArray(), ("Content-Type", "text/html; charset=utf-8"));
        _http.On($"HEAD a/b/manifests/{reference}", 200, page, type).On($"GET a/b/manifests/{reference}", 200, page, type)
            .On($"GET a/b/manifests/{ContentDigest}", 200, page, type);
        var resolving = await ErrorAsync(() => _http.Store.ResolveAsync(image, Cancellation));
        var reading = await ErrorAsync(() => _http.Store.ReadManifestAsync(image, Expected, Cancellation));

        foreach (var error in (CraneException[])[resolving, reading])
        {
            Assert.Equal((CraneErrorId.RegistryUnreachable, false), (error.Id, error.IsTransient));
            Assert.Equal($"The registry 'r.io' returned a web page (text/html) instead of the manifest of '{image}'.", error.Message);
        }
        _http.AssertDone();
    }

    [Fact]
    public async Task Web_page_is_neither_a_manifest_that_is_there_nor_a_blob()
    {
        var type = ("Content-Type", "text/html");
        _http.On($"HEAD a/b/manifests/{ContentDigest}", 200, Content, type)
            .On($"HEAD a/b/blobs/{ContentDigest}", 200, "<html>"u8.ToArray(), type)
            .On($"HEAD a/b/blobs/{ContentDigest}", 200, Content, type)
            .On($"GET a/b/blobs/{ContentDigest}", 200, "<html>"u8.ToArray(), type);
        Assert.Equal(CraneErrorId.RegistryUnreachable, (await ErrorAsync(() => _http.Store.HasManifestAsync(Image, Expected, Cancellation))).Id);
        Assert.False(await _http.Store.HasBlobAsync(Image, Expected, Cancellation));
        Assert.True(await _http.Store.HasBlobAsync(Image, Expected, Cancellation));
        Assert.Equal(CraneErrorId.RegistryUnreachable, (await ErrorAsync(() => _http.Store.OpenBlobAsync(Image, Expected, 0, Cancellation))).Id);
    }

    [Fact]
    public async Task Reason_why_an_image_is_absent_is_reported()
    {
        _http.On("GET a/b/manifests/1", 404, """{"errors":[{"code":"NAME_UNKNOWN","message":"no such project."}]}"""u8.ToArray());
        Assert.Equal("NAME_UNKNOWN: no such project", await _http.Store.WhyAbsentAsync(Image, Cancellation));
    }

    [Theory]
    [InlineData("<", "it is not valid JSON, at line 1, byte 1")]
    [InlineData("{\n\"layers\": }", "it is not valid JSON, at line 2, byte 11")]
    [InlineData("{\"layers\":{},\"config\":{\"digest\":\"sha256:1111111111111111111111111111111111111111111111111111111111111111\",\"size\":2}}", "'layers' is not a list")]
    [InlineData("{\"mediaType\":\"\\ud800\"}", "a string in it is not valid Unicode, or a value has the wrong type")]
    [InlineData("{\"fsLayers\":[]}", "it uses Docker's schema 1, the format until 2016, which Crane does not support")]
    public async Task Document_that_is_no_manifest_has_a_message_of_its_own(string json, string why)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var descriptor = Expected with { Digest = Digest.OfSha256(bytes) };
        _http.On($"GET a/b/manifests/{descriptor.Digest}", 200, bytes);
        var error = await ErrorAsync(() => _http.Store.ReadManifestAsync(Image, descriptor with { MediaType = "" }, Cancellation));
        Assert.Equal((CraneErrorId.PullFailed, $"The manifest of '{Image}' cannot be used: {why}."), (error.Id, error.Message));
    }

    [Theory]
    [InlineData(404, CraneErrorId.ImageNotFound)]
    [InlineData(400, CraneErrorId.PullFailed)]
    public async Task Refusal_to_read_is_an_error(int status, CraneErrorId id)
    {
        _http.On($"GET a/b/manifests/{ContentDigest}", status);
        Assert.Equal(id, (await ErrorAsync(() => _http.Store.ReadManifestAsync(Image, Expected, Cancellation))).Id);
    }

    [Fact]
    public async Task Other_bytes_than_those_of_the_digest_are_refused()
    {
        _http.On($"GET a/b/manifests/{ContentDigest}", 200, [.. Content, (byte)' '], TypeHeader);
        var error = await ErrorAsync(() => _http.Store.ReadManifestAsync(Image, Expected, Cancellation));
        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.Equal($"The manifest that r.io returned for '{Image}' does not match its digest {ContentDigest}.", error.Message);
    }

    [Fact]
    public async Task Registry_itself_is_asked_where_a_mirror_may_have_given_other_bytes()
    {
        var http = new ScriptedHttp { IsMirrored = true }
            .On($"GET a/b/manifests/{ContentDigest}", 200, [.. Content, (byte)' '], TypeHeader).On($"GET a/b/manifests/{ContentDigest}", 200, Content, TypeHeader);
        Assert.Equal(ContentDigest, (await http.Store.ReadManifestAsync(Image, Expected, Cancellation)).Descriptor.Digest);
        Assert.Equal([true, false], http.Requests.Select(request => request.MayUseMirror));

        http.On($"GET a/b/manifests/{ContentDigest}", 200, [], TypeHeader).On($"GET a/b/manifests/{ContentDigest}", 200, [], TypeHeader);
        Assert.Equal(CraneErrorId.DigestMismatch, (await ErrorAsync(() => http.Store.ReadManifestAsync(Image, Expected, Cancellation))).Id);
        http.AssertDone();
    }

    [Fact]
    public async Task Registry_itself_is_asked_where_a_mirror_may_have_resolved_a_digest_to_another()
    {
        var http = new ScriptedHttp { IsMirrored = true }
            .On($"HEAD a/b/manifests/{ContentDigest}", 200, Content, ("Docker-Content-Digest", $"sha256:{new string('0', 64)}"), TypeHeader)
            .On($"HEAD a/b/manifests/{ContentDigest}", 200, Content, ("Docker-Content-Digest", ContentDigest.ToString()), TypeHeader);
        Assert.Equal(Expected, await http.Store.ResolveAsync(ImageName.Parse($"r.io/a/b@{ContentDigest}"), Cancellation));
        http.AssertDone();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task Largest_manifest_is_read_and_no_larger_one(int more, bool isRead)
    {
        byte[] bytes = [.. Content, .. Enumerable.Repeat((byte)' ', Manifest.MaxSize - Content.Length + more)];
        var descriptor = Expected with { Digest = Digest.OfSha256(bytes) };
        _http.On($"GET a/b/manifests/{descriptor.Digest}", 200, bytes, TypeHeader);
        if (isRead)
            Assert.Equal(Manifest.MaxSize, (await _http.Store.ReadManifestAsync(Image, descriptor, Cancellation)).Bytes.Length);
        else
            Assert.Equal(CraneErrorId.PullFailed, (await ErrorAsync(() => _http.Store.ReadManifestAsync(Image, descriptor, Cancellation))).Id);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, false)]
    public async Task Presence_takes_one_request(int status, bool isThere)
    {
        _http.On($"HEAD a/b/manifests/{ContentDigest}", status).On($"HEAD a/b/blobs/{ContentDigest}", status);
        Assert.Equal(isThere, await _http.Store.HasManifestAsync(Image, Expected, Cancellation));
        Assert.Equal(isThere, await _http.Store.HasBlobAsync(Image, Expected, Cancellation));
    }

    private static async Task<CraneException> ErrorAsync(Func<Task> read) => await Assert.ThrowsAsync<CraneException>(read);
}
