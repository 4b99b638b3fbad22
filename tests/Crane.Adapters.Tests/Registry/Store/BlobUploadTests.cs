using Crane.Oci;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>How a blob comes into a repository, with registries that respond in their own ways.</summary>
public sealed class BlobUploadTests
{
    private static readonly ImageName Image = ImageName.Parse("r.io/a/b:1");

    private readonly SampleBlob _blob = new(1_000);
    private readonly ScriptedHttp _http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Digest => _blob.Descriptor.Digest.ToString();

    private string Query => $"digest={Uri.EscapeDataString(Digest)}";

    private string Mount => $"POST a/b/blobs/uploads/?mount={Uri.EscapeDataString(Digest)}&from=other";

    [Theory]
    [InlineData("/v2/a/b/blobs/uploads/u1", "PUT a/b/blobs/uploads/u1?")]
    [InlineData("/v2/a/b/blobs/uploads/u1?_state=x%3D%3D", "PUT a/b/blobs/uploads/u1?_state=x%3D%3D&")]
    [InlineData("u1?state=1", "PUT a/b/blobs/uploads/u1?state=1&")]
    [InlineData("https://r.io/upload/u1", "PUT /upload/u1?")]
    [InlineData("https://storage.io/u1?sig=abc", "PUT https://storage.io/u1?sig=abc&")]
    [InlineData("/upload/u1#part", "PUT /upload/u1?")]
    public async Task Location_of_an_upload_may_have_any_form_and_keeps_its_query(string location, string put)
    {
        _http.On("POST a/b/blobs/uploads/", 202, headers: ("Location", location)).On(put + Query, 201);
        Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        Assert.Equal(_blob.Bytes, _http.Bodies.Single());
        Assert.False(_http.Requests[^1].IsRepeatable);
        _http.AssertDone();
    }

    [Fact]
    public async Task Blob_is_mounted_with_the_right_to_read_there()
    {
        _http.On(Mount, 201);
        Assert.Equal(BlobWriteResult.Mounted, await MountAsync("other"));
        Assert.Equal(["repository:a/b:pull,push", "repository:other:pull"], _http.Requests.Single().Scopes.Select(scope => scope.ToString()));
        Assert.Empty(_blob.Opened);
    }

    [Fact]
    public async Task Upload_that_is_begun_in_place_of_a_mount_is_used()
    {
        _http.On(Mount, 202, headers: ("Location", "/v2/a/b/blobs/uploads/u1"))
            .On($"HEAD a/b/blobs/{Digest}", 404)
            .On($"PUT a/b/blobs/uploads/u1?{Query}", 201);
        Assert.Equal(BlobWriteResult.Written, await MountAsync("other"));
        _http.AssertDone();
    }

    [Fact]
    public async Task Blob_that_is_there_is_not_sent_where_mounts_are_refused()
    {
        _http.On(Mount, 202, headers: ("Location", "/v2/a/b/blobs/uploads/u1")).On($"HEAD a/b/blobs/{Digest}", 200)
            .On("DELETE a/b/blobs/uploads/u1", 204);
        Assert.Equal(BlobWriteResult.Existed, await MountAsync("other"));
        _http.AssertDone();
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(202, "")]
    [InlineData(202, "//")]
    [InlineData(307, "")]
    [InlineData(401, "")]
    [InlineData(404, "")]
    [InlineData(405, "")]
    [InlineData(429, "")]
    [InlineData(500, "")]
    [InlineData(503, "")]
    [InlineData(0, "")] // none
    public async Task Any_response_that_is_no_mount_is_followed_by_an_upload(int status, string location)
    {
        _ = status == 0 ? _http.OnBreak(Mount) : _http.On(Mount, status, null, location.Length > 0 ? [("Location", location)] : []);
        _http
            .On($"HEAD a/b/blobs/{Digest}", 404)
            .On("POST a/b/blobs/uploads/", 202, headers: ("Location", "/v2/a/b/blobs/uploads/u1"))
            .On($"PUT a/b/blobs/uploads/u1?{Query}", 201);
        Assert.Equal(BlobWriteResult.Written, await MountAsync("other"));
        Assert.True(_http.Requests[0].IsShortcut);
        _http.AssertDone();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(405)]
    [InlineData(500)]
    [InlineData(0)] // none
    public async Task Blob_whose_presence_is_unknown_counts_as_absent(int status)
    {
        _ = status == 0 ? _http.OnBreak($"HEAD a/b/blobs/{Digest}") : _http.On($"HEAD a/b/blobs/{Digest}", status);
        Assert.False(await _http.Store.HasBlobAsync(Image, _blob.Descriptor, Cancellation));
        Assert.True(_http.Requests.Single().IsShortcut);
    }

    [Theory]
    [InlineData(0, true)] // unknown
    [InlineData(999, false)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public async Task Blob_of_another_length_is_damaged_and_counts_as_absent(int length, bool isThere)
    {
        _http.On($"HEAD a/b/blobs/{Digest}", 200, new byte[length]);
        Assert.Equal(isThere, await _http.Store.HasBlobAsync(Image, _blob.Descriptor, Cancellation));
    }

    [Theory]
    [InlineData(400, "DIGEST_INVALID")]
    [InlineData(405, "UNSUPPORTED")]
    [InlineData(500, "UNKNOWN")]
    public async Task Registry_that_does_not_remove_tags_says_so(int status, string code)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"errors":[{"code":"{{code}}"}]}""");
        _http.On("GET a/b/manifests/1", 404).On("DELETE a/b/manifests/1", status, body, ("Content-Type", "application/json"));
        var error = await Assert.ThrowsAsync<CraneException>(() => _http.Store.SetNamesAsync([(Image, null)], Cancellation));
        Assert.Equal(CraneErrorId.PushFailed, error.Id);
        Assert.Contains($"r.io did not remove the tag of '{Image}': it returned {status}", error.Message, StringComparison.Ordinal);
        Assert.Contains("remove tags only in their own way", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, false)] // a few bytes at a time
    [InlineData(0, false)] // nothing
    [InlineData(400, true)]
    public async Task Registry_that_keeps_too_little_of_each_chunk_is_not_sent_chunks_for_ever(int kept, bool isDone)
    {
        Begin("u1").OnBreak($"PUT a/b/blobs/uploads/u1?{Query}").On("GET a/b/blobs/uploads/u1", 204, null, ("Range", "0-99"));
        var arrived = 100;
        for (var chunk = 0; chunk < 9 && arrived < 1_000; chunk++)
        {
            arrived = Math.Min(1_000, arrived + kept);
            _http.On("PATCH a/b/blobs/uploads/u1", 202, null, ("Range", $"0-{arrived - 1}"));
        }
        if (isDone)
            _http.On($"PUT a/b/blobs/uploads/u1?{Query}", 201);

        if (isDone)
            Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        else
            Assert.Equal(CraneErrorId.PushFailed, (await ErrorAsync(_blob.Write)).Id);
        Assert.Equal(kept == 0 ? 1 : isDone ? 3 : 9, _http.Ranges.Count);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Web_page_is_no_success(string method)
    {
        (string, string)[] headers = [("Location", "/v2/a/b/blobs/uploads/u1"), ("Content-Type", "text/html; charset=utf-8")];
        _http.On("POST a/b/blobs/uploads/", 202, method == "POST" ? "<html>"u8.ToArray() : null, headers);
        if (method == "PUT")
            _http.On($"PUT a/b/blobs/uploads/u1?{Query}", 200, "<html>"u8.ToArray(), headers[1]);
        var error = await ErrorAsync(_blob.Write);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry 'r.io' returned a web page (text/html) instead of the blob {Digest} of '{Image}'.", error.Message);
        _http.AssertDone();
    }

    [Fact]
    public async Task Broken_upload_resumes_where_the_registry_says()
    {
        Begin("u1").OnBreak($"PUT a/b/blobs/uploads/u1?{Query}")
            .On("GET a/b/blobs/uploads/u1", 204, null, ("Location", "/v2/a/b/blobs/uploads/u1?n=2"), ("Range", "0-399"))
            .On("PATCH a/b/blobs/uploads/u1?n=2", 202, null, ("Location", "/v2/a/b/blobs/uploads/u1?n=3"), ("Range", "0-999"))
            .On($"PUT a/b/blobs/uploads/u1?n=3&{Query}", 201);
        Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        Assert.Equal([0, 400], _blob.Opened);
        Assert.Equal(_blob.Bytes[400..], _http.Bodies[1]);
        _http.AssertDone();
    }

    [Theory]
    [InlineData(404, "0-399")]
    [InlineData(204, "0-0")] // one byte, or none
    [InlineData(204, "0-5000")] // more than there is
    public async Task Upload_begins_again_where_the_registry_has_lost_it(int status, string range)
    {
        Begin("u1").OnBreak($"PUT a/b/blobs/uploads/u1?{Query}").On("GET a/b/blobs/uploads/u1", status, null, ("Range", range));
        if (range != "0-5000")
            _http.On($"HEAD a/b/blobs/{Digest}", 404);
        Begin("u2").On($"PUT a/b/blobs/uploads/u2?{Query}", 201);
        Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        Assert.Equal(_blob.Bytes, _http.Bodies[1]);
        _http.AssertDone();
    }

    [Fact]
    public async Task Upload_is_complete_where_only_its_response_was_lost()
    {
        Begin("u1").OnBreak($"PUT a/b/blobs/uploads/u1?{Query}")
            .On("GET a/b/blobs/uploads/u1", 404)
            .On($"HEAD a/b/blobs/{Digest}", 200);
        Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        _http.AssertDone();
    }

    [Fact]
    public async Task Upload_that_does_not_fit_together_is_sent_again_as_a_whole()
    {
        Begin("u1").OnBreak($"PUT a/b/blobs/uploads/u1?{Query}")
            .On("GET a/b/blobs/uploads/u1", 204, null, ("Range", "0-399"))
            .On("PATCH a/b/blobs/uploads/u1", 202)
            .On($"PUT a/b/blobs/uploads/u1?{Query}", 400, """{"errors":[{"code":"DIGEST_INVALID"}]}"""u8.ToArray())
            .On($"HEAD a/b/blobs/{Digest}", 404);
        Begin("u2").On($"PUT a/b/blobs/uploads/u2?{Query}", 201);
        Assert.Equal(BlobWriteResult.Written, await WriteAsync(_blob.Write));
        _http.AssertDone();
    }

    [Fact]
    public async Task Retries_end_and_nobody_else_retries()
    {
        Begin("u1");
        for (var attempt = 0; attempt < 4; attempt++)
        {
            _http.OnBreak($"PUT a/b/blobs/uploads/u1?{Query}");
            if (attempt < 3)
                Begin("u1", _http.On("GET a/b/blobs/uploads/u1", 404).On($"HEAD a/b/blobs/{Digest}", 404));
        }

        var error = await ErrorAsync(_blob.Write);
        Assert.Equal((CraneErrorId.RegistryUnreachable, false), (error.Id, error.IsTransient));
        _http.AssertDone();
    }

    [Theory]
    [InlineData(413)]
    [InlineData(405)]
    public async Task Blob_is_sent_in_chunks_where_it_is_too_large_for_one_request(int status)
    {
        var blob = new SampleBlob(40 * 1024 * 1024);
        var query = $"digest={Uri.EscapeDataString(blob.Descriptor.Digest.ToString())}";
        Begin("u1").On($"PUT a/b/blobs/uploads/u1?{query}", status).On("DELETE a/b/blobs/uploads/u1", 404);
        Begin("u2").On("PATCH a/b/blobs/uploads/u2", 202, null, ("Location", "/v2/a/b/blobs/uploads/u2?n=2"))
            .On("PATCH a/b/blobs/uploads/u2?n=2", 202)
            .On($"PUT a/b/blobs/uploads/u2?n=2&{query}", 201);
        await WriteAsync(blob.Write);
        Assert.True(blob.Bytes.AsSpan().SequenceEqual([.. _http.Bodies[1], .. _http.Bodies[2]])); // item by item, xunit takes a minute
        Assert.Empty(_http.Bodies[3]);
        Assert.Equal([0, 0], blob.Opened); // the second chunk reads on
        Assert.Equal(["0-33554431", "33554432-41943039"], _http.Ranges);
    }

    [Fact]
    public async Task Error_of_the_source_is_thrown_as_it_is_and_nothing_is_retried()
    {
        var error = new CraneException(CraneErrorId.RegistryUnreachable, "The source is gone.") { IsTransient = true };
        Begin("u1").On("DELETE a/b/blobs/uploads/u1", 204);
        Assert.Same(error, await ErrorAsync(new BlobWrite(_blob.Descriptor, (_, _) => throw error)));
    }

    [Fact]
    public async Task Source_is_opened_while_the_upload_is_begun()
    {
        var (opened, begun) = (new TaskCompletionSource(), new TaskCompletionSource());
        _http.On("POST a/b/blobs/uploads/", async response =>
        {
            begun.SetResult();
            await opened.Task;
            response.Headers.Add("Location", "/v2/a/b/blobs/uploads/u1");
        }).On($"PUT a/b/blobs/uploads/u1?{Query}", 201);
        await WriteAsync(new BlobWrite(_blob.Descriptor, async (_, _) =>
        {
            opened.SetResult();
            await begun.Task;
            return new MemoryStream(_blob.Bytes);
        })).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(_blob.Bytes, _http.Bodies.Single());
    }

    [Fact]
    public async Task Source_that_was_opened_is_closed_where_no_upload_can_be_begun()
    {
        var stream = new MemoryStream(_blob.Bytes);
        _http.On("POST a/b/blobs/uploads/", 400);
        await ErrorAsync(new BlobWrite(_blob.Descriptor, (_, _) => Task.FromResult<Stream>(stream)));
        Assert.False(stream.CanRead);
    }

    [Fact]
    public async Task Source_that_ends_too_early_is_no_blob()
    {
        Begin("u1").On($"PUT a/b/blobs/uploads/u1?{Query}", 201).On("DELETE a/b/blobs/uploads/u1", 204);
        var error = await ErrorAsync(new BlobWrite(_blob.Descriptor, (_, _) => Task.FromResult<Stream>(new MemoryStream(new byte[999]))));
        Assert.Equal((CraneErrorId.PullFailed, $"The blob {Digest} ended after 999 of 1000 bytes at its source."), (error.Id, error.Message));
    }

    [Fact]
    public async Task Blob_that_the_registry_stores_under_another_digest_is_a_mismatch()
    {
        Begin("u1").On($"PUT a/b/blobs/uploads/u1?{Query}", 201, null, ("Docker-Content-Digest", $"sha256:{new string('0', 64)}"));
        Assert.Equal(CraneErrorId.DigestMismatch, (await ErrorAsync(_blob.Write)).Id);
    }

    [Fact]
    public async Task Refusal_is_reported_in_the_registrys_own_words()
    {
        Begin("u1").On($"PUT a/b/blobs/uploads/u1?{Query}", 400, """{"errors":[{"code":"SIZE_INVALID","message":"over quota"}]}"""u8.ToArray());
        var error = await ErrorAsync(_blob.Write);
        Assert.Equal(CraneErrorId.PushFailed, error.Id);
        Assert.Equal($"r.io did not accept the blob {Digest} of '{Image}': it returned 400 Bad Request: SIZE_INVALID: over quota.", error.Message);
    }

    [Theory]
    [InlineData("//")]
    [InlineData("http://[")]
    [InlineData("http://xn--\u00e9/")]
    [InlineData("http://host:99999/")]
    [InlineData(null)]
    public async Task Upload_without_a_location_is_an_error(string? location)
    {
        _http.On("POST a/b/blobs/uploads/", 202, null, location is null ? [] : [("Location", location)]);
        var error = await ErrorAsync(_blob.Write);
        Assert.Equal(CraneErrorId.PushFailed, error.Id);
        Assert.EndsWith("it returned 202 without an upload location.", error.Message, StringComparison.Ordinal);
    }

    private ScriptedHttp Begin(string id, ScriptedHttp? after = null) => (after ?? _http).On(
        "POST a/b/blobs/uploads/", 202, null, ("Location", $"/v2/a/b/blobs/uploads/{id}"));

    private async Task<BlobWriteResult> MountAsync(string repository)
    {
        var mount = await _http.Store.MountBlobAsync(Image, _blob.Descriptor, ImageName.Parse($"r.io/{repository}"), Cancellation);
        return mount.Result ?? await WriteAsync(_blob.Write with { Upload = mount.Upload });
    }

    private Task<BlobWriteResult> WriteAsync(BlobWrite write) => _http.Store.WriteBlobAsync(Image, write, Cancellation);

    private async Task<CraneException> ErrorAsync(BlobWrite write) => await Assert.ThrowsAsync<CraneException>(() => WriteAsync(write));
}
