using System.Net;
using System.Net.Sockets;
using Crane.Adapters.Engine;
using Crane.Moving.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Reaching an engine, or telling why not, with engines that no machine has at hand.</summary>
public sealed class DockerEngineTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Store_is_named_after_the_engines_address()
    {
        await using var engine = FakeEngine.OnSocket(Socket("docker.sock"), _ => FakeEngine.Pong);
        await using var store = await OpenAsync(null);
        Assert.Equal($"unix://{Socket("docker.sock")}", store.Name);
    }

    [Fact]
    public async Task Socket_that_nobody_listens_on_is_passed_over()
    {
        using (var stale = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Socket("docker.sock"))!);
            stale.Bind(new UnixDomainSocketEndPoint(Socket("docker.sock")));
        }
        await using var engine = FakeEngine.OnSocket(Socket("podman.sock"), _ => FakeEngine.Pong);
        await using var store = await OpenAsync(null);
        Assert.Equal($"unix://{Socket("podman.sock")}", store.Name);
    }

    [Fact]
    public async Task Engine_that_is_not_running_is_reported_with_its_address_its_origin_and_how_to_choose()
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => OpenAsync(null, ("DOCKER_HOST", "unix:///nowhere/docker.sock")));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains("unix:///nowhere/docker.sock (from DOCKER_HOST)", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Engine", error.RecommendedAction, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Refused_port_is_unreachable()
    {
        using var reserved = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = $"tcp://127.0.0.1:{((IPEndPoint)reserved.LocalEndPoint!).Port}";
        var error = await Assert.ThrowsAsync<CraneException>(() => OpenAsync(address));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 10_000)]
    public async Task Engine_that_never_responds_is_reported_within_five_seconds()
    {
        await using var engine = FakeEngine.OnTcp(_ => null);
        var started = TimeProvider.System.GetTimestamp();
        var error = await Assert.ThrowsAsync<CraneException>(() => OpenAsync($"tcp://127.0.0.1:{engine.Port}"));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains("did not respond in time", error.Message, StringComparison.Ordinal);
        // The bound is the specification's.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cancellation_while_waiting_is_a_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var engine = FakeEngine.OnSocket(Socket("docker.sock"), _ =>
        {
            stop.Cancel();
            return null;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DockerEngine.OpenAsync(Request(null), TestEnvironment.Of(_home), stop.Token));
    }

    [Fact]
    public void Socket_of_another_user_has_its_own_error()
    {
        var denied = new HttpRequestException("", new SocketException((int)SocketError.AccessDenied));
        var error = EngineErrors.Unreachable(new UnixEndpoint("/var/run/docker.sock", "default location"), denied);
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains("permission denied", error.Message, StringComparison.Ordinal);
        Assert.Contains("docker group", error.RecommendedAction, StringComparison.Ordinal);
        Assert.True(EngineErrors.IsPermissionDenied(error));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 48\r\nConnection: close\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", "HTTPS server")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP status 301")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "SSH")]
    public async Task The_response_of_something_that_is_no_engine_is_quoted(string response, string quoted)
    {
        await using var other = FakeEngine.OnTcp(_ => response);
        var error = await Assert.ThrowsAsync<CraneException>(() => OpenAsync($"tcp://127.0.0.1:{other.Port}"));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains(quoted, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("1.41", "/v1.41/images/docker.io/library/os:1/json")]
    [InlineData("1.48", "/v1.48/images/docker.io/library/os:1/json?manifests=1")]
    [InlineData("1.99", "/v1.48/images/docker.io/library/os:1/json?manifests=1")]
    public async Task Older_of_both_versions_is_used(string offered, string path)
    {
        var pong = FakeEngine.Pong.Replace("1.41", offered, StringComparison.Ordinal);
        await using var engine = FakeEngine.OnSocket(
            Socket("docker.sock"), line => line == "GET /_ping" ? pong : FakeEngine.Reply(404, """{"message":"No such image"}"""));
        await using var store = await OpenAsync(null);
        Assert.Null(await store.FindAsync(ImageName.Parse("os:1"), Cancellation));
        Assert.StartsWith($"GET {path} HTTP/1.1\r\n", engine.Requests.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_is_traced_without_credentials()
    {
        var lines = new List<string>();
        await using var engine = FakeEngine.OnSocket(
            Socket("docker.sock"), line => line == "GET /_ping" ? FakeEngine.Pong : FakeEngine.Reply(500, """{"message":"no such host"}"""));
        var request = new StoreRequest(null, new Dictionary<string, NetworkCredential> { ["r.co"] = new("bob", "secret") })
        {
            Trace = lines.Add,
        };
        await using var store = await DockerEngine.OpenAsync(request, TestEnvironment.Of(_home), Cancellation);
        var error = await Assert.ThrowsAsync<CraneException>(() => store.FindRemoteAsync(ImageName.Parse("r.co/os:1"), Cancellation));
        Assert.Equal(["GET /_ping → 200", "GET /distribution/r.co/os:1/json → 500"], lines);
        Assert.Contains("X-Registry-Auth: ", engine.Requests.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private string Socket(string name) => Path.Combine(_home.Path, "var", name);

    private static StoreRequest Request(string? engine) => new(engine, new Dictionary<string, NetworkCredential>());

    private Task<IImageStore> OpenAsync(string? engine, params (string Name, string Value)[] variables) =>
        DockerEngine.OpenAsync(Request(engine), TestEnvironment.Of(_home, variables), Cancellation);
}
