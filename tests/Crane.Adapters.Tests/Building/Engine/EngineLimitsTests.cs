using Crane.Adapters.Building;
using Crane.Adapters.Building.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Engine;

/// <summary>What only BuildKit can do is refused before anything is sent, and Buildx named.</summary>
public sealed class EngineLimitsTests
{
    public static TheoryData<string> DockerfilesForBuildKit =>
    [
        "FROM a\nRUN --mount=type=cache,target=/c make\n",
        "FROM a\nRUN --network=none make\n",
        "FROM a\nRUN <<EOF\nmake\nEOF\n",
        "FROM a\nCOPY <<EOF /file\ntext\nEOF\n",
        "FROM a\nCOPY --link b /b\n",
        "FROM a\nCOPY --chmod=755 b /b\n",
        "FROM a\nADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 http://b /b\n",
        "FROM a\nONBUILD RUN --mount=type=cache,target=/c make\n",
        "FROM a\nONBUILD RUN <<EOF\nmake\nEOF\n",
    ];

    [Fact]
    public void Keys_that_the_engine_cannot_do_name_the_builder_that_can()
    {
        AssertRefused(new() { Secret = ["id=a,src=a"] }, "'secret'");
        AssertRefused(new() { CacheTo = ["type=inline"] }, "'cache-to'");
        AssertRefused(new() { CacheFrom = ["company/os", "type=registry,ref=company/cache"] }, "'cache-from'");
        AssertRefused(new() { Platform = ["linux/amd64", "linux/arm64"] }, "linux/amd64, linux/arm64");
    }

    [Fact]
    public void Keys_that_the_engine_can_do_are_let_through() => EngineLimits.CheckKeys(
        new() { Platform = ["linux/amd64"], CacheFrom = ["company/os:1"], AddHost = ["a=::1"], Label = ["a=b"] },
        ImageName.Parse("company/os"));

    [Theory, MemberData(nameof(DockerfilesForBuildKit))]
    public void Instruction_that_only_BuildKit_knows_is_refused_with_its_line(string dockerfile)
    {
        var error = Assert.Throws<CraneException>(() => Read(dockerfile));
        Assert.Equal((CraneErrorId.InvalidValue, 2), (error.Id, error.Location?.Line));
        Assert.Contains("Buildx", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Builder Buildx", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_behind_the_target_are_not_looked_at()
    {
        const string dockerfile = """
            FROM a AS First
            COPY --from=b --chown=1:1 c c
            FROM first
            RUN --mount=type=cache,target=/c make
            """;
        Assert.Equal(["a", "b"], Read(dockerfile, "first").Images.Select(image => image.Familiar));
        Assert.Throws<CraneException>(() => Read(dockerfile));
    }

    private static SteppedDockerfile Read(string dockerfile, string? target = null)
    {
        using var folder = new TemporaryFolder();
        return SteppedDockerfile.Read(folder.Write("Dockerfile", dockerfile), new DockerfileOptions { Target = target });
    }

    private static void AssertRefused(ContainerBuild build, string what)
    {
        var error = Assert.Throws<CraneException>(() => EngineLimits.CheckKeys(build, ImageName.Parse("company/os")));
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("Buildx", error.Message, StringComparison.Ordinal);
    }
}
