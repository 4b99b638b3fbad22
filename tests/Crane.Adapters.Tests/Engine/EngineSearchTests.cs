using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

public sealed class EngineSearchTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Engine_that_is_named_comes_before_every_variable() => Assert.Equal(
        "unix:///a.sock (from -Engine)",
        Find("unix:///a.sock", ("CRANE_ENGINE", "unix:///b.sock"), ("DOCKER_HOST", "unix:///c.sock")));

    [Fact]
    public void Crane_engine_comes_before_docker_host() => Assert.Equal(
        "unix:///b.sock (from CRANE_ENGINE)", Find(null, ("CRANE_ENGINE", "unix:///b.sock"), ("DOCKER_HOST", "unix:///c.sock")));

    [Fact]
    public void Docker_means_dockers_own_search_whatever_crane_engine_says() => Assert.Equal(
        "unix:///c.sock (from DOCKER_HOST)", Find("docker", ("CRANE_ENGINE", "unix:///b.sock"), ("DOCKER_HOST", "unix:///c.sock")));

    [Fact]
    public void Docker_host_comes_before_docker_context() => Assert.Equal(
        "unix:///c.sock (from DOCKER_HOST)", Find(null, ("DOCKER_HOST", "unix:///c.sock"), ("DOCKER_CONTEXT", "remote")));

    [Fact]
    public void Docker_context_comes_before_the_current_one()
    {
        DockerContextsTests.WriteContext(_home, "one", "unix:///one.sock");
        DockerContextsTests.WriteContext(_home, "two", "unix:///two.sock");
        _home.Write(".docker/config.json", """{"currentContext": "one"}""");
        Assert.Equal("unix:///two.sock (docker context 'two', from DOCKER_CONTEXT)", Find(null, ("DOCKER_CONTEXT", "two")));
        Assert.StartsWith("unix:///one.sock (docker context 'one', the current docker context", Find(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Context_can_be_named()
    {
        DockerContextsTests.WriteContext(_home, "one", "tcp://10.0.0.1:2375");
        Assert.Equal("tcp://10.0.0.1:2375 (docker context 'one', from -Engine)", Find("one"));
    }

    [Fact]
    public void Empty_variables_count_as_not_set()
    {
        _home.Write("var/docker.sock", "");
        Assert.Equal(
            $"unix://{_home.Path}/var/docker.sock (default location)",
            Find(null, ("CRANE_ENGINE", ""), ("DOCKER_HOST", ""), ("DOCKER_CONTEXT", "")));
    }

    [Fact]
    public void Usual_sockets_are_tried_in_order_where_they_exist()
    {
        string[] sockets = ["var/docker.sock", "run/docker.sock", ".docker/run/docker.sock", "run/podman/podman.sock", "var/podman.sock"];
        foreach (var socket in sockets)
            _home.Write(socket, "");
        var environment = TestEnvironment.Of(_home, ("XDG_RUNTIME_DIR", Path.Combine(_home.Path, "run")));
        Assert.Equal(
            sockets.Select(socket => $"unix://{_home.Path}/{socket}"),
            new EngineSearch(environment).Find(null).Select(endpoint => endpoint.Address));
    }

    [Fact]
    public void Default_context_is_the_usual_socket()
    {
        _home.Write("var/docker.sock", "");
        _home.Write(".docker/config.json", """{"currentContext": "default"}""");
        Assert.Equal($"unix://{_home.Path}/var/docker.sock (default location)", Find(null));
    }

    [Fact]
    public void Absence_of_any_socket_is_reported_with_the_places_and_how_to_choose()
    {
        var error = Assert.Throws<CraneException>(() => Find(null));
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains(Path.Combine(_home.Path, "var", "docker.sock"), error.Message, StringComparison.Ordinal);
        Assert.Contains("-Engine", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_has_dockers_named_pipe()
    {
        var environment = TestEnvironment.Of(_home) with { IsWindows = true };
        Assert.Equal("npipe:////./pipe/docker_engine", new EngineSearch(environment).Find(null).Single().Address);
    }

    [Fact]
    public void Unknown_context_is_reported_with_those_that_exist()
    {
        DockerContextsTests.WriteContext(_home, "two", "unix:///two.sock");
        DockerContextsTests.WriteContext(_home, "one", "unix:///one.sock");
        var error = Assert.Throws<CraneException>(() => Find("three"));
        Assert.Equal(CraneErrorId.UnknownContext, error.Id);
        Assert.Contains("'three' (from -Engine)", error.Message, StringComparison.Ordinal);
        Assert.Contains("one, two", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oci:folder", CraneErrorId.NotSupportedByBuilder, "is a layout folder, which cannot build images")]
    [InlineData("/var/run/docker.sock", CraneErrorId.InvalidValue, "neither an address nor the name")]
    [InlineData("tcp:host", CraneErrorId.InvalidValue, "neither an address nor the name")]
    public void What_is_no_engine_is_an_error(string engine, CraneErrorId id, string why)
    {
        var error = Assert.Throws<CraneException>(() => Find(engine));
        Assert.Equal(id, error.Id);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Docker_host_may_leave_the_scheme_out_as_for_docker()
    {
        var endpoint = Assert.IsType<TcpEndpoint>(
            Assert.Single(new EngineSearch(TestEnvironment.Of(_home, ("DOCKER_HOST", "10.0.0.1:2375"))).Find(null)));
        Assert.Equal("http://10.0.0.1:2375/", endpoint.Root.AbsoluteUri);
    }

    [Fact]
    public void Variables_turn_tls_on_for_tcp()
    {
        var environment = TestEnvironment.Of(
            _home, ("DOCKER_HOST", "tcp://engine.example"), ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/certs"));
        var endpoint = Assert.IsType<TcpEndpoint>(Assert.Single(new EngineSearch(environment).Find(null)));
        Assert.Equal("https://engine.example:2376/", endpoint.Root.AbsoluteUri);
        Assert.Equal(new EngineTls("/certs", Verify: true), endpoint.Tls);
    }

    private string Find(string? engine, params (string Name, string Value)[] variables) =>
        new EngineSearch(TestEnvironment.Of(_home, variables)).Find(engine)[0].ToString();
}
