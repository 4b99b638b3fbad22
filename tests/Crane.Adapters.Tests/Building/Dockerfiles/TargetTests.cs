using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class TargetTests
{
    private const string Text = """
        FROM golang AS build
        FROM node AS web
        COPY --from=lint /l /l
        FROM build AS Test
        RUN --mount=from=web,target=/w true
        FROM alpine
        COPY --from=build /a /a
        """;

    [Theory]
    [InlineData(null, "golang alpine")]
    [InlineData("", "golang alpine")]
    [InlineData("build", "golang")]
    [InlineData("web", "node lint")]
    [InlineData("test", "golang node lint")]
    [InlineData("TEST", "golang node lint")]
    public void Skipped_stages_need_nothing(string? target, string needed)
    {
        Assert.Equal(needed.Split(' '), Dockerfile.Needed(Text, target));
        Assert.Equal(["golang", "node", "lint", "alpine"], Dockerfile.All(Text));
    }

    // A number is no name in BuildKit.
    [Theory]
    [InlineData("prod")]
    [InlineData("0")]
    public void Unknown_target_is_an_error_that_lists_the_stages(string target)
    {
        var error = Dockerfile.Error(Text, new DockerfileOptions { Target = target });

        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains($"the target stage '{target}' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal("The stages with a name are 'build', 'web', 'test'.", error.RecommendedAction);
    }

    [Fact]
    public void Invalid_base_is_an_error_even_in_a_skipped_stage() =>
        Assert.Equal(CraneErrorId.InvalidImageName, Dockerfile.Error("FROM Wrong AS a\nFROM alpine AS b\n").Id);

    [Fact]
    public void Error_of_the_build_itself_is_none_in_a_skipped_stage() => Assert.Equal(
        ["alpine"], Dockerfile.Needed("FROM one\nRUN --mount=form=a,target=/t true\nFROM alpine\n"));

    [Fact]
    public void Target_names_the_stage_in_FROM() =>
        Assert.Equal(["os-web"], Dockerfile.Needed("FROM os-$TARGETSTAGE AS web\n", "web"));
}
