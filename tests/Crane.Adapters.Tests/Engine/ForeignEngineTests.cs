using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Crane.Adapters.Engine;
using Crane.Moving.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Responses that real engines of this machine do not give: of podman, of old engines, of engines that break off.</summary>
public sealed class ForeignEngineTests : IDisposable
{
    private static readonly ImageName Image = ImageName.Parse("r.co/os:1");

    private readonly TemporaryFolder _home = new();

    private const string Done = $$"""{"status":"Digest: sha256:{{Zeros}}"}""";
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string Layer = FakeEngine.Reply(200, """
        {"status":"Pulling fs layer","progressDetail":{},"id":"36c21e8e48b8"}
        {"status":"Download complete","progressDetail":{},"id":"36c21e8e48b8"}
        """);

    private string Socket => Path.Combine(_home.Path, "var", "docker.sock");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(404, "Not Found", "text/plain")]
    [InlineData(404, """{"message":"page not found"}""", "application/json")]
    [InlineData(405, "Method Not Allowed", "text/plain")]
    [InlineData(404, """{"cause":"","message":"Path /v1.41/distribution/os:1/json is not supported","response":0}""", "application/json")]
    [InlineData(500, """{"message":"Path /v1.41/distribution/r.co/os:1/json is not supported"}""", "application/json")]
    [InlineData(200, """{"Descriptor":{}}""", "application/json")]
    [InlineData(200, "hello", "text/plain")]
    [InlineData(400, """{"message":"something new"}""", "application/json")]
    public Task Engine_that_cannot_query_registries_does_not_know(int status, string body, string type) => WithStoreAsync(
        FakeEngine.Reply(status, body, type),
        async store => Assert.Equal(RemoteImage.Unknown, await store.FindRemoteAsync(Image, Cancellation)));

    [Theory]
    [InlineData(500, """{"message":"Get \"https://r.co/v2/\": dial tcp: connect: connection refused"}""", CraneErrorId.RegistryUnreachable, true)]
    [InlineData(500, """{"message":"Get \"https://r.co/v2/\": x509: certificate signed by unknown authority"}""", CraneErrorId.RegistryUnreachable, false)]
    [InlineData(403, """{"message":"errors:\ndenied: requested access to the resource is denied"}""", CraneErrorId.RegistryUnauthorized, false)]
    public Task Registry_that_does_not_respond_is_an_error(int status, string body, CraneErrorId id, bool isTransient) => WithStoreAsync(
        FakeEngine.Reply(status, body),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.FindRemoteAsync(Image, Cancellation));
            Assert.Equal((id, isTransient), (error.Id, error.IsTransient));
            Assert.Contains("r.co", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Error_in_the_stream_of_a_pull_is_raised() => WithStoreAsync(
        FakeEngine.Reply(200, """
            {"status":"Pulling from os","id":"1"}
            {"errorDetail":{"message":"write /var/lib/x: no space left on device"},"error":"write /var/lib/x: no space left on device"}
            """),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.PullFailed, error.Id);
            Assert.Contains("no space left on device", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public async Task Podman_ends_a_pull_without_a_digest()
    {
        await using var engine = Engine(Layer, FakeEngine.Pong.Replace("\r\n\r\n", "\r\nLibpod-API-Version: 5.0.0\r\n\r\n", StringComparison.Ordinal));
        await using var store = await OpenAsync();
        Assert.Null(await store.PullAsync(Image, null, new Reports(), Cancellation));
    }

    [Fact]
    public async Task Podman_that_names_an_error_in_one_field_only_has_failed()
    {
        await using var engine = Engine(
            FakeEngine.Reply(200, """{"error":"manifest unknown"}"""),
            FakeEngine.Pong.Replace("\r\n\r\n", "\r\nLibpod-API-Version: 3.4.0\r\n\r\n", StringComparison.Ordinal));
        await using var store = await OpenAsync();
        var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
        Assert.Equal(CraneErrorId.ImageNotFound, error.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"status":"Pull complete","id":"36c21e8e48b8"}""")]
    [InlineData("""{"status":"Layer already exists","id":"36c21e8e48b8"}""")]
    public Task Transfer_that_ends_without_reporting_success_has_failed(string stream) => WithStoreAsync(
        FakeEngine.Reply(200, stream),
        async store =>
        {
            var pull = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.PullFailed, pull.Id);
            Assert.Contains("without reporting success", pull.Message, StringComparison.Ordinal);
            var push = await Assert.ThrowsAsync<CraneException>(() => store.PushAsync(Image, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.PushFailed, push.Id);
        });

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"status\":{}}")]
    [InlineData("{\"status\":\"\\ud800\"}")]
    [InlineData("{\"progressDetail\":{\"current\":1e99}}")]
    public Task Message_in_an_unknown_form_is_an_error_that_shows_it(string line) => WithStoreAsync(
        FakeEngine.Reply(200, line),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("an unknown format", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Endless_message_is_read_up_to_a_limit() => WithStoreAsync(
        FakeEngine.Reply(200, new string('x', EngineLines.Limit + 1)),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("a line of more than 32 million characters", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Endless_response_is_read_up_to_a_limit() => WithStoreAsync(
        FakeEngine.Reply(200, new string('x', EngineLines.Limit + 1)),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.FindAsync(Image, Cancellation));
            Assert.Contains("a response of more than 32 MB", error.Message, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("""{"Id":"sha256:1","RepoTags":[null],"RepoDigests":[null,"","r.co/os"],"RootFS":{"Layers":[null]},"Manifests":[null,{}],"Config":{"Labels":{"a":null}},"Created":""}""")]
    [InlineData("""{"Id":"sha256:1","RepoTags":null,"RepoDigests":null,"RootFS":null,"Manifests":null,"Config":null,"Descriptor":{}}""")]
    [InlineData("""{"Id":"sha256:1","Manifests":[{"Available":true,"ImageData":{"Platform":{} } }],"Os":"linux"}""")]
    public Task Lists_with_nothing_in_them_are_empty(string image) => WithStoreAsync(
        FakeEngine.Reply(200, image),
        async store =>
        {
            var found = await store.FindAsync(Image, Cancellation);
            Assert.Empty(found!.Digests);
            Assert.Empty(found.Layers);
            Assert.Empty(found.Names.Concat(found.Origins));
        });

    [Fact]
    public async Task Engine_that_responds_to_a_ping_and_then_hangs_is_given_up_once_for_all_after_a_warning()
    {
        var warnings = new ConcurrentQueue<string>();
        await using var engine = Engine(null);
        await using var store = await OpenAsync(warnings.Enqueue, new EngineTimeouts { Response = TimeSpan.FromMilliseconds(300) });
        foreach (var call in new Func<Task>[]
        {
            () => store.FindAsync(Image, Cancellation), () => store.TagAsync(Image, Image, Cancellation), () => store.UntagAsync(Image, Cancellation),
        })
        {
            var error = await Assert.ThrowsAsync<CraneException>(call);
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("hangs: no response to GET /images/r.co/os:1/json for 0.3 s.", error.Message, StringComparison.Ordinal);
        }

        Assert.Single(engine.Requests, request => request.StartsWith("GET /v", StringComparison.Ordinal));
        Assert.Contains("no response to GET /images/r.co/os:1/json for 0.1 s", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registry_that_an_engine_waits_for_in_vain_does_not_affect_other_images()
    {
        await using var engine = FakeEngine.OnSocket(Socket, line =>
            line == "GET /_ping" ? FakeEngine.Pong : line.Contains("/distribution/", StringComparison.Ordinal) ? null : FakeEngine.Reply(404, "{}"));
        await using var store = await OpenAsync(null, new EngineTimeouts { Response = TimeSpan.FromMilliseconds(300) });
        var error = await Assert.ThrowsAsync<CraneException>(() => store.FindRemoteAsync(Image, Cancellation));
        Assert.Contains("/distribution/r.co/os:1/json", error.Message, StringComparison.Ordinal);
        Assert.Null(await store.FindAsync(Image, Cancellation));
    }

    [Fact]
    public async Task Pull_that_stalls_is_given_up()
    {
        await using var engine = Engine("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}\n");
        await using var store = await OpenAsync(null, new EngineTimeouts { Silence = TimeSpan.FromMilliseconds(300) });
        engine.KeepsOpen = true;
        var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
        Assert.Contains("hangs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating.")]
    [InlineData("unexpected status from HEAD request to https://r.co/v2/os/manifests/1: 429 Too Many Requests")]
    public Task Rate_limit_of_a_registry_is_not_retried(string words) => WithStoreAsync(
        FakeEngine.Reply(500, JsonSerializer.Serialize(new { message = words })),
        async store =>
        {
            foreach (var ask in new Func<Task>[]
            {
                () => store.FindRemoteAsync(Image, Cancellation), () => store.PullAsync(Image, null, new Reports(), Cancellation),
                () => store.PushAsync(Image, new Reports(), Cancellation),
            })
            {
                var error = await Assert.ThrowsAsync<CraneException>(ask);
                Assert.Equal((CraneErrorId.RegistryUnreachable, false), (error.Id, error.IsTransient));
                Assert.StartsWith("The registry 'r.co' returned 429 Too Many Requests for 'r.co/os:1': ", error.Message, StringComparison.Ordinal);
                Assert.Contains("allow more", error.RecommendedAction, StringComparison.Ordinal);
            }
        });

    [Fact]
    public Task Stream_that_breaks_off_is_an_error_not_a_success() => WithStoreAsync(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n27\r\n{\"status\":\"Pulling from os\",\"id\":\"1\"}\r\n\r\n",
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        });

    [Fact]
    public Task Progress_that_is_not_json_is_an_error() => WithStoreAsync(
        FakeEngine.Reply(200, "<html>"),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, null, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("<html>", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Engine_that_fails_to_look_says_why() => WithStoreAsync(
        FakeEngine.Reply(500, """{"message":"database is locked"}"""),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.FindAsync(Image, Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("database is locked", error.Message, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("", null)]
    [InlineData(",\"Size\":7", 7L)]
    public async Task Image_without_a_size_has_none(string size, long? expected)
    {
        await using var engine = Engine(FakeEngine.Reply(200, $$"""{"Id":"sha256:{{new string('a', 64)}}"{{size}}}"""));
        var request = new StoreRequest(null, new Dictionary<string, NetworkCredential>());
        await using var inspector = new EngineInspector(await EngineClient.ConnectAsync(request, TestEnvironment.Of(_home), Cancellation));
        Assert.Equal(expected, (await inspector.InspectAsync(Image, null, null, Cancellation)).SizeBytes);
    }

    [Fact]
    public Task Name_that_a_container_uses_is_not_removed() => WithStoreAsync(
        FakeEngine.Reply(409, """{"message":"conflict: unable to remove repository reference"}"""),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.UntagAsync(Image, Cancellation));
            Assert.Equal(CraneErrorId.TagFailed, error.Id);
            Assert.Contains("conflict", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public async Task Name_with_tag_and_digest_is_pulled_by_its_digest_alone()
    {
        var digest = $"sha256:{new string('a', 64)}";
        await using var engine = Engine(FakeEngine.Reply(200, Done));
        await using var store = await OpenAsync();
        await store.PullAsync(ImageName.Parse($"r.co/os:1@{digest}"), null, new Reports(), Cancellation);
        Assert.StartsWith(
            $"POST /v1.41/images/create?fromImage=r.co%2Fos&tag=sha256%3A{new string('a', 64)} HTTP", engine.Requests.Last(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_gets_the_credential_of_the_registry()
    {
        await using var engine = Engine(FakeEngine.Reply(200, Done));
        var request = new StoreRequest(null, new Dictionary<string, NetworkCredential> { ["r.co"] = new("bob", "secret") });
        await using var store = await DockerEngine.OpenAsync(request, TestEnvironment.Of(_home), Cancellation);
        await store.PushAsync(Image, new Reports(), Cancellation);
        Assert.Equal("""{"username":"bob","password":"secret","serveraddress":"r.co"}""", Lent(engine));
        await store.PullAsync(ImageName.Parse("other.co/os:1"), null, new Reports(), Cancellation);
        Assert.Equal("{}", Lent(engine));
    }

    private static string Lent(FakeEngine engine)
    {
        const string header = "X-Registry-Auth: ";
        var line = engine.Requests.Last().Split("\r\n").Single(line => line.StartsWith(header, StringComparison.Ordinal));
        return Encoding.UTF8.GetString(Convert.FromBase64String(line[header.Length..].Replace('-', '+').Replace('_', '/')));
    }

    private async Task WithStoreAsync(string response, Func<IImageStore, Task> test)
    {
        await using var engine = Engine(response);
        await using var store = await OpenAsync();
        await test(store);
    }

    private FakeEngine Engine(string? response, string pong = FakeEngine.Pong) =>
        FakeEngine.OnSocket(Socket, line => line == "GET /_ping" ? pong : response);

    private Task<IImageStore> OpenAsync(Action<string>? warn = null, EngineTimeouts? timeouts = null) => DockerEngine.OpenAsync(
        new StoreRequest(null, new Dictionary<string, NetworkCredential>()) { Warn = warn }, TestEnvironment.Of(_home), Cancellation, timeouts);
}
