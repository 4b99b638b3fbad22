using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

public sealed class EngineAddressTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("tcp://engine.example:2375", "http://engine.example:2375/")]
    [InlineData("tcp://engine.example", "http://engine.example:2375/")]
    [InlineData("tcp://engine.example:80", "http://engine.example/")]
    [InlineData("tcp://:2375", "http://127.0.0.1:2375/")]
    [InlineData("tcp://[::1]:2375", "http://[::1]:2375/")]
    [InlineData("tcp://[::1]", "http://[::1]:2375/")]
    [InlineData("http://engine.example:8080/docker", "http://engine.example:8080/docker/")]
    [InlineData("https://engine.example", "https://engine.example:2376/")]
    [InlineData("https://engine.example:443", "https://engine.example/")]
    [InlineData("TCP://engine.example:2375/", "http://engine.example:2375/")]
    public void Tcp_address_has_a_root(string address, string root) =>
        Assert.Equal(root, Assert.IsType<TcpEndpoint>(Parse(address)).Root.AbsoluteUri);

    [Fact]
    public void Https_is_verified_even_where_no_variable_asks_for_tls() =>
        Assert.Equal(new EngineTls(null, Verify: true), Assert.IsType<TcpEndpoint>(Parse("https://engine.example")).Tls);

    [Theory]
    [InlineData("unix:///run/user/1000/docker.sock", "/run/user/1000/docker.sock")]
    [InlineData("unix:///tmp/a%20b", "/tmp/a%20b")]
    [InlineData("unix://relative.sock", "relative.sock")]
    public void Unix_address_is_a_literal_path(string address, string path) =>
        Assert.Equal(path, Assert.IsType<UnixEndpoint>(Parse(address)).Path);

    [Theory]
    [InlineData("npipe:////./pipe/docker_engine")]
    [InlineData("npipe://./pipe/docker_engine")]
    [InlineData(@"npipe://\\.\pipe\docker_engine")]
    public void Pipe_address_names_server_and_pipe(string address) => Assert.Equal(
        new PipeEndpoint(".", "docker_engine", "test"),
        EngineAddress.Parse(address, null, "test", TestEnvironment.Of(_home) with { IsWindows = true }));

    [Theory]
    [InlineData("npipe:////./pipe/docker_engine", "Windows only")]
    [InlineData("fd://", "unsupported scheme 'fd://'")]
    [InlineData("tcp://", "no valid host and port")]
    [InlineData("tcp://engine.example:99999", "no valid host and port")]
    [InlineData("tcp://engine.example:abc", "no valid host and port")]
    [InlineData("tcp://engine.example?x=1", "has no query and no fragment")]
    [InlineData("tcp://bob:secret@engine.example", "has no user name")]
    [InlineData("ssh://bob:secret@engine.example", "has no password")]
    [InlineData("ssh://:secret@engine.example", "has no password")]
    [InlineData("ssh://bob:secret@engine.example?x=1", "no valid user, host and port")]
    [InlineData("ssh://", "no valid user, host and port")]
    [InlineData("ssh://engine.example:99999", "no valid user, host and port")]
    [InlineData("ssh://-oProxyCommand=touch", "no valid user, host and port")]
    [InlineData("ssh://-oProxyCommand@engine.example", "no valid user, host and port")]
    [InlineData("ssh://%2DoProxyCommand@engine.example", "no valid user, host and port")]
    [InlineData("ssh://engine.example/run/docker.sock?x=1", "no valid user, host and port")]
    public void What_cannot_be_used_is_an_error_without_a_password(string address, string why)
    {
        var error = Assert.Throws<CraneException>(() => Parse(address));
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
        Assert.DoesNotContain("secret", error.Message + error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh://engine.example", "-- engine.example docker system dial-stdio")]
    [InlineData("ssh://bob@Engine_1:2222/", "-l bob -p 2222 -- Engine_1 docker system dial-stdio")]
    [InlineData("ssh://bob%40corp@[::1]", "-l bob@corp -- ::1 docker system dial-stdio")]
    [InlineData(
        "SSH://engine.example/run/user/1000/docker.sock",
        "-- engine.example docker --host=unix:///run/user/1000/docker.sock system dial-stdio")]
    [InlineData("ssh://engine.example/$(id)%20x", "-- engine.example docker '--host=unix:///$(id) x' system dial-stdio")]
    public void Ssh_address_gives_the_arguments_that_docker_gives(string address, string arguments) => Assert.Equal(
        $"-o BatchMode=yes -o ConnectTimeout=30 -T {arguments}",
        string.Join(' ', SshConnection.Arguments(Assert.IsType<SshEndpoint>(Parse(address)))));

    [Fact]
    public void Socket_path_that_no_kernel_takes_is_an_error() => Assert.Contains(
        "at most 103 characters",
        Assert.Throws<CraneException>(() => Parse($"unix:///{new string('x', 200)}")).Message, StringComparison.Ordinal);

    private EngineEndpoint Parse(string address) => EngineAddress.Parse(address, null, "test", TestEnvironment.Of(_home));
}
