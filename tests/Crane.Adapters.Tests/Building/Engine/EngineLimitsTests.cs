using Crane.Adapters.Building;
using Crane.Adapters.Dockerfiles;

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
        "ARG TARGETARCH\nFROM a-${TARGETARCH:-none}\n",
        "ARG B=a-$TARGETARCH\nFROM $B\n",
        "ARG B=${TARGETOS:?}\nFROM a-$B\n",
        "\nFROM a-${TARGETVARIANT:-v8}\n",
        "\nFROM --platform=$BUILDPLATFORM a\n",
        "\nFROM a:$TARGETSTAGE\n",
        "FROM a\nARG TARGETARCH\n",
        "FROM a\nARG A=1 BUILDOSVERSION\n",
        "FROM a\nONBUILD ARG TARGETPLATFORM\n",
        "FROM a\nADD https://b.co/c/d.git /d\n",
        "FROM a\nADD --chown=1:1 b https://b.co/c/d.git#main:sub /d/\n",
        "FROM a\nADD [\"git@b.co:c/d\", \"/d\"]\n",
        "FROM a\nONBUILD ADD git://b.co/c /d\n",
        "FROM a\nadd ssh://git@b.co/c /d\n",
        "FROM a AS test\nCOPY --from=Last b b\nFROM c AS last\n",
        "FROM a\nCOPY --from=1 b b\nFROM c\n",
        "FROM a AS b\nFROM c AS B\nRUN d\n",
    ];

    public static TheoryData<string> DockerfilesWithoutRepositories =>
    [
        "FROM a\nADD https://b.co/c.git.tar /c\n",
        "FROM a\nADD github.com/c /c\n",
        "FROM a\nADD b /git@b.co:c/d\n",
        "FROM a\nCOPY c.git .git /d/\n",
        "FROM a AS b\nFROM c\nFROM b AS d\nCOPY --from=1 e e\n",
    ];

    public static TheoryData<string> DockerfilesWithoutAutomaticVariables =>
    [
        "ARG TARGETARCH=arm64\nFROM a-$TARGETARCH\nARG TARGETARCH\n",
        "ARG TARGETARCH\nFROM a\nARG TARGETARCH=arm64\nRUN echo $TARGETOS\n",
        "ARG B=b\nFROM ${B:-a-$TARGETARCH}\n",
        "FROM a\nARG OTHER\nFROM a AS last\nFROM a-$TARGETARCH\nARG TARGETARCH\n",
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
        Assert.Equal((CraneErrorId.NotSupportedByBuilder, 2), (error.Id, error.Location?.Line));
        Assert.Contains("Buildx", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Builder Buildx", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(DockerfilesWithoutRepositories))]
    public void What_only_looks_like_a_repository_or_a_later_stage_is_let_through(string dockerfile) => Assert.NotEmpty(Read(dockerfile).Images);

    [Theory, MemberData(nameof(DockerfilesWithoutAutomaticVariables))]
    public void Variables_of_the_names_that_BuildKit_sets_are_let_through_where_it_does_not(string dockerfile) =>
        Read(dockerfile, dockerfile.Contains("last", StringComparison.Ordinal) ? "last" : null);

    [Fact]
    public void Variables_that_BuildKit_sets_are_let_through_where_the_build_gives_them()
    {
        const string dockerfile = "ARG TARGETARCH\nFROM a-$TARGETARCH\nARG TARGETARCH\nARG TARGETOS\n";
        var given = new Dictionary<string, string> { ["TARGETARCH"] = "arm64", ["TARGETOS"] = "linux" };
        Assert.Equal(["a-arm64"], Read(dockerfile, null, given).Images.Select(image => image.Familiar));

        // Without an ARG for it, FROM sees it in BuildKit only.
        Assert.Throws<CraneException>(() => Read("FROM a-$TARGETARCH\n", null, given));
    }

    [Fact]
    public void Error_about_a_variable_names_it() => Assert.Contains(
        "does not support ARG TARGETARCH, which only BuildKit sets",
        Assert.Throws<CraneException>(() => Read("FROM a\nARG TARGETARCH\n")).Message, StringComparison.Ordinal);

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

    [Fact]
    public void Images_are_those_of_every_stage_down_to_the_target() => Assert.Equal(
        ["tools", "os", "c"],
        Read("FROM tools AS test\nFROM os AS last\nCOPY --from=c a a\nFROM d\n", "last").Images.Select(image => image.Familiar));

    private static SteppedDockerfile Read(
        string dockerfile, string? target = null, IReadOnlyDictionary<string, string>? given = null)
    {
        using var folder = new TemporaryFolder();
        return SteppedDockerfile.Read(
            folder.Write("Dockerfile", dockerfile),
            new DockerfileOptions { Target = target, BuildArguments = given ?? new Dictionary<string, string>() });
    }

    private static void AssertRefused(ContainerBuild build, string what)
    {
        var error = Assert.Throws<CraneException>(() => EngineLimits.CheckKeys(build, ImageName.Parse("company/os")));
        Assert.Equal(CraneErrorId.NotSupportedByBuilder, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("Buildx", error.Message, StringComparison.Ordinal);
    }
}
