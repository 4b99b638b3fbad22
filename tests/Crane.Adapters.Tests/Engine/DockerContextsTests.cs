using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

public sealed class DockerContextsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Names_are_sorted_and_what_cannot_be_read_is_left_out()
    {
        WriteContext(_home, "two", "unix:///two.sock");
        WriteContext(_home, "one", "unix:///one.sock");
        _home.Write(".docker/contexts/meta/broken/meta.json", "{");
        _home.Write(".docker/contexts/meta/empty/other", "");
        Assert.Equal(["one", "two"], DockerContexts.Names(TestEnvironment.Of(_home)));
    }

    [Fact]
    public void User_without_contexts_has_no_names() => Assert.Empty(DockerContexts.Names(TestEnvironment.Of(_home)));

    [Fact]
    public void Context_brings_its_own_tls_material()
    {
        WriteContext(_home, "remote", "tcp://engine.example:2376");
        var ca = _home.Write($".docker/contexts/tls/{Id("remote")}/docker/ca.pem", "");
        Assert.Equal(new EngineTls(Path.GetDirectoryName(ca), Verify: true), Get("remote").Tls);
    }

    [Fact]
    public void Context_may_turn_verification_off()
    {
        WriteContext(_home, "remote", "tcp://engine.example:2376", skipVerify: true);
        Assert.Equal(new EngineTls(null, Verify: false), Get("remote").Tls);
    }

    [Fact]
    public void Context_without_material_has_no_tls()
    {
        WriteContext(_home, "remote", "tcp://engine.example:2375");
        Assert.Equal(new DockerContext("tcp://engine.example:2375", null), Get("remote"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Name": "x", "Endpoints": {}}""")]
    [InlineData("""{"Name": "x", "Endpoints": {"docker": {"Host": ""}}}""")]
    [InlineData("null")]
    public void Broken_context_is_an_error_with_its_file(string json)
    {
        var path = _home.Write($".docker/contexts/meta/{Id("x")}/meta.json", json);
        var error = Assert.Throws<CraneException>(() => Get("x"));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes a context as <c>docker context create</c> does.</summary>
    internal static void WriteContext(TemporaryFolder home, string name, string host, bool skipVerify = false)
    {
        var skip = skipVerify ? "true" : "false";
        home.Write(
            $".docker/contexts/meta/{Id(name)}/meta.json",
            $$"""{"Name":"{{name}}","Metadata":{},"Endpoints":{"docker":{"Host":"{{host}}","SkipTLSVerify":{{skip}} } } }""");
    }

    private static string Id(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private DockerContext Get(string name) => DockerContexts.Get(name, TestEnvironment.Of(_home), "from -Engine");
}
