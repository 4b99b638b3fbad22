using System.Net;
using System.Text;
using Crane.Adapters.Docker;
using Crane.Stores;

namespace Crane.Adapters.Tests.Docker;

/// <summary>Answers that real engines of this machine do not give: of podman, of old engines, of engines that break off.</summary>
public sealed class ForeignEngineTests : IDisposable
{
    private static readonly ImageName Image = ImageName.Parse("r.co/os:1");

    private readonly TemporaryFolder _home = new();

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
    public Task Engine_that_cannot_ask_registries_does_not_know(int status, string body, string type) => WithStoreAsync(
        FakeEngine.Reply(status, body, type),
        async store => Assert.Equal(RemoteImage.Unknown, await store.ResolveAsync(Image, Cancellation)));

    [Theory]
    [InlineData(500, """{"message":"Get \"https://r.co/v2/\": dial tcp: connect: connection refused"}""", CraneErrorId.RegistryUnreachable, true)]
    [InlineData(500, """{"message":"Get \"https://r.co/v2/\": x509: certificate signed by unknown authority"}""", CraneErrorId.RegistryUnreachable, false)]
    [InlineData(403, """{"message":"errors:\ndenied: requested access to the resource is denied"}""", CraneErrorId.RegistryUnauthorized, false)]
    public Task Registry_that_does_not_answer_is_an_error(int status, string body, CraneErrorId id, bool isTransient) => WithStoreAsync(
        FakeEngine.Reply(status, body),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.ResolveAsync(Image, Cancellation));
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
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.PullFailed, error.Id);
            Assert.Contains("no space left on device", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Podman_ends_a_pull_without_a_digest() => WithStoreAsync(
        FakeEngine.Reply(200, """
            {"status":"Pulling fs layer","progressDetail":{},"id":"36c21e8e48b8"}
            {"status":"Download complete","progressDetail":{},"id":"36c21e8e48b8"}
            """),
        async store => Assert.Null(await store.PullAsync(Image, new Reports(), Cancellation)));

    [Fact]
    public Task Stream_that_breaks_off_is_an_error_not_a_success() => WithStoreAsync(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n27\r\n{\"status\":\"Pulling from os\",\"id\":\"1\"}\r\n\r\n",
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        });

    [Fact]
    public Task Progress_that_is_not_json_is_an_error() => WithStoreAsync(
        FakeEngine.Reply(200, "<html>"),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.PullAsync(Image, new Reports(), Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("<html>", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Engine_that_fails_at_looking_says_why() => WithStoreAsync(
        FakeEngine.Reply(500, """{"message":"database is locked"}"""),
        async store =>
        {
            var error = await Assert.ThrowsAsync<CraneException>(() => store.FindAsync(Image, Cancellation));
            Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
            Assert.Contains("database is locked", error.Message, StringComparison.Ordinal);
        });

    [Fact]
    public Task Name_that_a_container_holds_is_not_taken_away() => WithStoreAsync(
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
        await using var engine = Engine(FakeEngine.Reply(200, ""));
        await using var store = await OpenAsync();
        await store.PullAsync(ImageName.Parse($"r.co/os:1@{digest}"), new Reports(), Cancellation);
        Assert.StartsWith(
            $"POST /v1.41/images/create?fromImage=r.co%2Fos&tag=sha256%3A{new string('a', 64)} HTTP", engine.Requests.Last(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_is_lent_the_credential_of_the_registry()
    {
        await using var engine = Engine(FakeEngine.Reply(200, ""));
        var request = new StoreRequest(null, new Dictionary<string, NetworkCredential> { ["r.co"] = new("bob", "secret") });
        await using var store = await DockerEngine.OpenAsync(request, TestEnvironment.Of(_home), Cancellation);
        await store.PushAsync(Image, new Reports(), Cancellation);
        Assert.Equal("""{"username":"bob","password":"secret","serveraddress":"r.co"}""", Lent(engine));
        await store.PullAsync(ImageName.Parse("other.co/os:1"), new Reports(), Cancellation);
        Assert.Equal("{}", Lent(engine));
    }

    private static string Lent(FakeEngine engine)
    {
        const string header = "X-Registry-Auth: ";
        var line = engine.Requests.Last().Split("\r\n").Single(line => line.StartsWith(header, StringComparison.Ordinal));
        return Encoding.UTF8.GetString(Convert.FromBase64String(line[header.Length..].Replace('-', '+').Replace('_', '/')));
    }

    private async Task WithStoreAsync(string answer, Func<IImageStore, Task> test)
    {
        await using var engine = Engine(answer);
        await using var store = await OpenAsync();
        await test(store);
    }

    private FakeEngine Engine(string answer) => FakeEngine.OnSocket(
        Path.Combine(_home.Path, "var", "docker.sock"), line => line == "GET /_ping" ? FakeEngine.Pong : answer);

    private Task<IImageStore> OpenAsync() => DockerEngine.OpenAsync(
        new StoreRequest(null, new Dictionary<string, NetworkCredential>()), TestEnvironment.Of(_home), Cancellation);
}
