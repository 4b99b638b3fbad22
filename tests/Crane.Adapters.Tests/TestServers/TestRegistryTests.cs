using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>The test registry keeps to the distribution specification where a client depends on it.</summary>
public sealed class TestRegistryTests
{
    private const string Hello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Blob_is_uploaded_in_chunks_that_follow_each_other()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var client = Client(registry);
        var session = await BeginAsync(client);

        using var first = await PatchAsync(client, session, "hel", "0-2");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);

        using var gap = await PatchAsync(client, session, "o", "4-4");
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, gap.StatusCode);
        Assert.Equal("0-2", gap.Headers.GetValues("Range").Single());

        using var progress = await client.GetAsync(session, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, progress.StatusCode);
        Assert.Equal("0-2", progress.Headers.GetValues("Range").Single());

        using var last = await client.PutAsync(With(session, $"digest={Hello}"), new StringContent("lo"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
        Assert.Equal("hello", await client.GetStringAsync(last.Headers.Location, Cancellation));
    }

    [Fact]
    public async Task Blob_with_another_digest_is_refused_and_its_upload_is_over()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var client = Client(registry);
        var session = await BeginAsync(client);
        using var wrong = await client.PutAsync(With(session, $"digest={Hello}"), new StringContent("hallo"), Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "DIGEST_INVALID"), (wrong.StatusCode, await CodeAsync(wrong)));
        using var again = await client.PutAsync(With(session, $"digest={Hello}"), new StringContent("hello"), Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN"), (again.StatusCode, await CodeAsync(again)));
    }

    [Fact]
    public async Task Upload_that_breaks_off_is_resumed_where_it_was()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var client = Client(registry);
        var session = await BeginAsync(client);

        var blob = SampleLayer.Random(300_000).Content;
        using var broken = new StreamContent(new BrokenStream(blob[..200_000], registry.Requests));
        broken.Headers.ContentLength = blob.Length;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.PatchAsync(session, broken, Cancellation));

        using var progress = await client.GetAsync(session, Cancellation);
        var arrived = int.Parse(progress.Headers.GetValues("Range").Single()[2..], CultureInfo.InvariantCulture) + 1;
        Assert.InRange(arrived, 100_000, 200_000);
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(blob))}";
        using var rest = new ByteArrayContent(blob[arrived..]);
        using var last = await client.PutAsync(With(session, $"digest={digest}"), rest, Cancellation);
        Assert.Equal(HttpStatusCode.Created, last.StatusCode);
    }

    [Fact]
    public async Task Blob_is_downloaded_from_any_offset()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        await seeder.PutBlobAsync("a/b", "hello"u8.ToArray());
        using var client = Client(registry);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"a/b/blobs/{Hello}");
        request.Headers.Range = new RangeHeaderValue(3, null);
        using var rest = await client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.PartialContent, rest.StatusCode);
        Assert.Equal("bytes 3-4/5", rest.Content.Headers.ContentRange?.ToString());
        Assert.Equal("lo", await rest.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, registry.Requests.Like("GET", "*/blobs/*").Single().BytesOut);
    }

    [Theory]
    [InlineData("a/b", HttpStatusCode.Created)]
    [InlineData("a/other", HttpStatusCode.Accepted)]
    [InlineData("../a/b", HttpStatusCode.Accepted)]
    public async Task Blob_is_mounted_from_a_repository_that_has_it(string from, HttpStatusCode status)
    {
        await using var registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        await seeder.PutBlobAsync("a/b", "hello"u8.ToArray());
        using var client = Client(registry);
        using var response = await client.PostAsync(Path($"c/blobs/uploads/?mount={Hello}&from={from}"), null, Cancellation);
        Assert.Equal(status, response.StatusCode);
        using var blob = await client.GetAsync(Path($"c/blobs/{Hello}"), Cancellation);
        Assert.Equal(status == HttpStatusCode.Created, blob.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Manifest_is_refused_until_all_it_consists_of_is_there()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a", "1");
        using var client = Client(registry);
        using var body = new ByteArrayContent(image.Content);
        body.Headers.ContentType = new(image.MediaType);
        using var elsewhere = await client.PutAsync(Path("b/manifests/1"), body, Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, "MANIFEST_BLOB_UNKNOWN"), (elsewhere.StatusCode, await CodeAsync(elsewhere)));
    }

    [Fact]
    public async Task Lists_come_in_pages()
    {
        await using var registry = await TestRegistry.StartAsync(new() { PageSize = 2 });
        using var seeder = new RegistrySeeder(registry.Address);
        foreach (var tag in (string[])["1", "2", "10", "1-rc", "B"])
            await seeder.PutImageAsync("a/b", tag);
        using var client = Client(registry);
        var pages = new List<string>();
        for (var next = Path("a/b/tags/list?n=9"); next is not null;)
        {
            using var page = await client.GetAsync(next, Cancellation);
            var list = await page.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            pages.Add(string.Join(' ', list.GetProperty("tags").EnumerateArray()));
            next = page.Headers.TryGetValues("Link", out var links)
                ? new Uri(links.Single().Split('<', '>')[1], UriKind.Relative) : null;
        }
        Assert.Equal(["1 1-rc", "10 2", "B"], pages);
    }

    [Fact]
    public async Task What_it_has_is_there_again_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        SampleManifest image;
        await using (var registry = await TestRegistry.StartAsync(new() { Root = folder.Path }))
        {
            using var seeder = new RegistrySeeder(registry.Address);
            image = await seeder.PutImageAsync("a/b", "1");
        }
        await using var restarted = await TestRegistry.StartAsync(new() { Root = folder.Path });
        using var client = Client(restarted);
        Assert.Equal(image.Content, await client.GetByteArrayAsync(Path("a/b/manifests/1"), Cancellation));
    }

    [Fact]
    public async Task Password_is_required_for_everything()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "s3cr:t")] });
        using var client = Client(registry);
        using var refused = await client.GetAsync(Path(""), Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (refused.StatusCode, refused.Headers.WwwAuthenticate.Single().Scheme));
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("bob:s3cr:t"u8));
        using var allowed = await client.GetAsync(Path(""), Cancellation);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    private static HttpClient Client(TestRegistry registry) => new() { BaseAddress = new Uri(registry.Address, "/v2/") };

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static Uri With(Uri session, string query) => Path($"{session}?{query}");

    private static async Task<Uri> BeginAsync(HttpClient client)
    {
        using var response = await client.PostAsync(Path("a/b/blobs/uploads/"), null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!;
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, Uri session, string chunk, string range)
    {
        using var body = new StringContent(chunk);
        body.Headers.TryAddWithoutValidation("Content-Range", range);
        return await client.PatchAsync(session, body, Cancellation);
    }

    private static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return body.GetProperty("errors")[0].GetProperty("code").GetString();
    }

    /// <summary>Some bytes, and when most of them have arrived, an error in place of the rest.</summary>
    private sealed class BrokenStream(byte[] bytes, RequestLog log) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                return read;
            while (log.Like("PATCH", "*").All(request => request.BytesIn < 100_000))
                await Task.Delay(1, cancellationToken);
            throw new IOException("broken");
        }
    }
}
