using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class OnBuildTests
{
    [Fact]
    public void Runs_in_the_stages_made_from_it() => Assert.Equal(
        [new BaseImage("alpine", 1, "FROM"), new("tools", 2, "COPY"), new("late", 4, "COPY")],
        Dockerfile.Read("FROM alpine AS base\nONBUILD COPY --from=tools /a /a\nFROM base\nCOPY --from=late /b /b\n")
            .NeededForTarget);

    [Theory]
    [InlineData("FROM alpine\nONBUILD COPY --from=tools /a /a\n")]
    [InlineData("FROM alpine AS base\nONBUILD COPY --from=tools /a /a\nFROM scratch\nCOPY --from=base /a /a\n")]
    public void Does_not_run_elsewhere(string dockerfile) => Assert.Equal(["alpine"], Dockerfile.All(dockerfile));

    [Fact]
    public void Runs_once_down_the_line()
    {
        const string dockerfile = "FROM alpine AS a\nONBUILD COPY --from=tools /a /a\nFROM a AS b\nFROM b\n";

        Assert.Equal(["alpine", "tools"], Dockerfile.Needed(dockerfile));
        Assert.Equal(["alpine"], Dockerfile.Needed(dockerfile, "a"));
    }

    [Fact]
    public void Brings_the_stages_it_copies_from() => Assert.Equal(
        ["one", "deep", "two"],
        Dockerfile.Needed("FROM one AS tools\nCOPY --from=deep / /\nFROM two AS p\nONBUILD COPY --from=TOOLS /a /a\nFROM p\n"));

    [Theory]
    [InlineData("onbuild run --mount=from=tools,target=/t true")]
    [InlineData("ONBUILD \\\n  # why\n  COPY --from=tools \\\n /a /a")]
    [InlineData("ONBUILD COPY --from=tools <<A <<-B /a/\nFROM none\nA\n\tB")]
    public void Holds_an_instruction_as_any_other(string instruction) =>
        Assert.Equal(["alpine", "tools"], Dockerfile.Needed($"FROM alpine AS base\n{instruction}\nFROM base\n"));

    [Theory]
    [InlineData("ONBUILD")]
    [InlineData("ONBUILD FROM alpine")]
    [InlineData("ONBUILD onbuild RUN true")]
    [InlineData("ONBUILD MAINTAINER me")]
    [InlineData("ONBUILD --link COPY a b")]
    [InlineData("ONBUILD RUN [1]")]
    public void Refused_at_once(string instruction) =>
        Assert.Equal(2, Dockerfile.Error($"FROM alpine\n{instruction}\n").Location!.Line);

    [Theory]
    [InlineData("ONBUILD COPY --form=tools /a /a", "COPY has no flag '--form'")]
    [InlineData("ONBUILD CPOY /a /a", "unknown instruction 'CPOY'")]
    [InlineData("ONBUILD COPY --from=7 /a /a", "stage 7 does not exist")]
    [InlineData("ONBUILD COPY --from=Tools /a /a", "is not valid")]
    [InlineData("ONBUILD COPY --from=later /a /a", "'later' comes after")]
    [InlineData("ONBUILD # nothing", "ONBUILD must contain exactly one instruction")]
    public void Refused_where_it_runs(string instruction, string words)
    {
        var dockerfile = $"FROM alpine AS base\n{instruction}\nFROM base AS app\nFROM busybox AS later\n";

        Assert.Equal(["busybox"], Dockerfile.Needed(dockerfile));
        var error = Dockerfile.Error(dockerfile, new DockerfileOptions { Target = "app" });
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((2, instruction), (error.Location!.Line, error.Location.LineText));
    }

    [Fact]
    public void Many_stages_with_many_triggers_end_in_an_error()
    {
        var triggers = string.Concat(Enumerable.Repeat("ONBUILD COPY --from=tools a b\n", 1_000));
        var stages = string.Concat(Enumerable.Repeat("FROM base\n", 1_000));

        var error = Dockerfile.Error($"FROM alpine AS base\n{triggers}{stages}");

        Assert.Contains("ONBUILD results in more than", error.Message, StringComparison.Ordinal);
    }
}
