using Crane.Adapters.Building;
using Crane.Building;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>A build in the engine's words.</summary>
public sealed class EngineBuildQueryTests
{
    [Fact]
    public void Plain_build_says_only_what_is_always_said() =>
        Assert.Equal("/build?version=1&rm=1&forcerm=1&dockerfile=Dockerfile", Query(new()));

    [Fact]
    public void Every_key_has_its_parameter()
    {
        var query = Query(
            new()
            {
                Argument = ["A=1", "A=2", "EMPTY=", "HERE", "ABSENT"],
                Target = "t",
                Network = "host",
                Platform = ["linux/arm64"],
                Label = ["a.b=c"],
                CacheFrom = ["company/os:1"],
                AddHost = ["a:1.2.3.4", "b=[::1]", "c:host-gateway"],
            },
            noCache: true, pull: true);
        Assert.Equal(
            [
                "dockerfile=Dockerfile", "target=t", "networkmode=host", "platform=linux/arm64", "nocache=1", "pull=1",
                """buildargs={"A":"2","EMPTY":"","HERE":"value"}""", """labels={"a.b":"c"}""", """cachefrom=["company/os:1"]""",
                "extrahosts=a:1.2.3.4", "extrahosts=b:::1", "extrahosts=c:host-gateway",
            ],
            Uri.UnescapeDataString(query).Split('&').Skip(3));
    }

    [Fact]
    public void Remote_context_is_left_to_the_engine()
    {
        var query = Query(new() { Context = "https://git.example/os.git#main:sub", File = "Other" }, folder: false);
        Assert.EndsWith(
            "&remote=https%3A%2F%2Fgit.example%2Fos.git%23main%3Asub&dockerfile=Other", query, StringComparison.Ordinal);
    }

    private static string Query(ContainerBuild build, bool noCache = false, bool pull = false, bool folder = true)
    {
        using var context = new TemporaryFolder();
        context.Write("Dockerfile", "FROM scratch AS t\n");
        if (folder)
            build = build with { Context = context.Path };
        return EngineBuildQuery.Path(build, EngineSource.Open(build, Variables, BuildBases.None), noCache, pull, Variables);
    }

    private static string? Variables(string name) => name == "HERE" ? "value" : null;
}
