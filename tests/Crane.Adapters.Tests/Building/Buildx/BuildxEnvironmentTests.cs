using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Building.Buildx;

/// <summary>Buildx loads what it makes into the engine that is meant, however that is reached.</summary>
public sealed class BuildxEnvironmentTests
{
    [Theory]
    [InlineData("unix:///run/engine.sock", "unix:///run/engine.sock", null)]
    [InlineData("tcp://host", "tcp://host:2375", null)]
    [InlineData("https://host:2376", "tcp://host:2376", "1")]
    public void Engine_is_the_same(string engine, string host, string? tls)
    {
        using var home = new TemporaryFolder();
        var environment = TestEnvironment.Of(home, ("DOCKER_CONTEXT", "other"));
        var endpoint = EngineAddress.Parse(engine, null, "from -Engine", environment);
        var variables = BuildxEnvironment.Of(endpoint, new BuildxConfig("/config", null), null, environment);
        Assert.Equal((host, tls, null), (variables["DOCKER_HOST"], variables["DOCKER_TLS_VERIFY"], variables["DOCKER_CONTEXT"]));
        Assert.Equal("/config", variables["DOCKER_CONFIG"]);
        Assert.Equal(Path.Combine(home.Path, ".docker", "buildx"), variables["BUILDX_CONFIG"]);
    }

    [Fact]
    public void Certificates_are_those_of_the_engine_and_may_be_unchecked()
    {
        using var home = new TemporaryFolder();
        var endpoint = new TcpEndpoint("tcp://host:2376", new Uri("https://host:2376"), new EngineTls("/tls", Verify: false), "");
        var variables = BuildxEnvironment.Of(endpoint, new BuildxConfig("/config", null), null, TestEnvironment.Of(home));
        Assert.Equal(("1", null, "/tls"), (variables["DOCKER_TLS"], variables["DOCKER_TLS_VERIFY"], variables["DOCKER_CERT_PATH"]));
    }
}
