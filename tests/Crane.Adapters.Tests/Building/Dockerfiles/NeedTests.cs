using Crane.Adapters.Dockerfiles;

namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary><c>COPY --from</c> and <c>RUN --mount</c>.</summary>
public sealed class NeedTests
{
    [Fact]
    public void Images_come_with_their_instruction_and_line() => Assert.Equal(
        [new BaseImage("alpine", 1, "FROM"), new("tools:1", 2, "COPY"), new("cache:2", 3, "RUN")],
        Dockerfile.Read("FROM alpine\nCOPY --from=tools:1 /a /b\nRUN --mount=from=cache:2,target=/c \\\n  true\n").All);

    [Theory]
    [InlineData("COPY --from=tools /a /b")]
    [InlineData("copy --chown=1:1 --from=\"tools\" --link /a /b")]
    [InlineData("COPY --from=tools [\"/a\", \"/b\"]")]
    [InlineData("COPY --from=tools <<EOF /b\nFROM none\nEOF")]
    [InlineData("RUN --mount=type=bind,from=tools,target=/t true")]
    [InlineData("RUN --mount=FROM=tools,target=/t true")]
    [InlineData("RUN --mount=\"type=bind\",\"from=tools\",target=/t true")]
    [InlineData("RUN --mount='\"from=tools\",\"target=/a,b\"' true")]
    [InlineData("RUN --mount=from=x,from=tools,target=/t true")]
    [InlineData("RUN --mount=type=tmpfs,from=tools,target=/t true")]
    [InlineData("RUN --network=none --mount=type=cache,target=/c --mount=from=tools,target=/$HOME [\"true\"]")]
    public void Image(string instruction) => Assert.Equal(["alpine", "tools"], Dockerfile.All($"FROM alpine\n{instruction}\n"));

    [Theory]
    [InlineData("COPY --from=scratch / /x")]
    [InlineData("COPY --from= /a /b")]
    [InlineData("COPY -- --from=tools /a /b")]
    [InlineData("COPY /a --from=tools /b")]
    [InlineData("RUN --mount=type=secret,id=from=tools true")]
    [InlineData("RUN echo --mount=from=tools,target=/t")]
    [InlineData("RUN [\"--mount=from=tools,target=/t\"]")]
    public void No_image(string instruction) => Assert.Equal(["alpine"], Dockerfile.All($"FROM alpine\n{instruction}\n"));

    [Theory]
    [InlineData("tools")]
    [InlineData("TOOLS")]
    [InlineData("0")]
    [InlineData("+0")]
    public void Stage_by_name_in_any_case_or_by_number(string from) =>
        Assert.Equal(["one", "two"], Dockerfile.Needed($"FROM one AS Tools\nFROM two\nCOPY --from={from} /a /b\n"));

    [Fact]
    public void Mounts_have_no_numbers() =>
        Assert.Equal(["two", "0"], Dockerfile.Needed("FROM one\nFROM two\nRUN --mount=from=0,target=/t true\n"));

    [Fact]
    public void Of_duplicate_stage_names_the_last_is_used() =>
        Assert.Equal(["b", "c"], Dockerfile.Needed("FROM a AS x\nFROM b AS x\nFROM c\nCOPY --from=x /a /b\n"));

    [Theory]
    [InlineData("COPY --from=1 /a /b", "stage 1 does not exist")]
    [InlineData("COPY --from=-1 /a /b", "stage -1 does not exist")]
    [InlineData("COPY --from=$A /a /b", "not expanded")]
    [InlineData("COPY --from=a\\\\b /a /b", "not expanded")]
    [InlineData("RUN --mount=from=$A,target=/t true", "not expanded")]
    [InlineData("COPY --from=self /a /b", "cycle of stages: 'self' → 'self'")]
    [InlineData("COPY --from=0 /a /b", "dependency cycle")]
    [InlineData("RUN --mount=from=self,target=/t true", "dependency cycle")]
    [InlineData("RUN --mount= true", "empty mount")]
    [InlineData("RUN --mount='a\"b' true", "quote in the wrong place")]
    [InlineData("RUN --mount=form=a,target=/t true", "unknown key 'form' of a mount")]
    [InlineData("RUN --mount=from,target=/t true", "'from' of a mount has no value")]
    [InlineData("RUN --mount=type=bund,target=/t true", "unknown type of mount 'bund'")]
    [InlineData("RUN --mount=type=secret,from=a,target=/t true", "cannot have 'from'")]
    public void Refused_in_its_line(string instruction, string words)
    {
        var error = Dockerfile.Error($"FROM alpine AS self\n\n  {instruction}\n");

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 3, $"  {instruction}"), (error.Location!.Line, error.Location.Column, error.Location.LineText));
    }

    [Fact]
    public void Cycle_is_shown() => Assert.Contains(
        "cycle of stages: 'a' → 1 → 'a'",
        Dockerfile.Error("FROM x AS a\nCOPY --from=1 /a /a\nFROM y\nCOPY --from=a /a /a\n").Message, StringComparison.Ordinal);

    [Fact]
    public void Later_stage_is_refused_only_where_it_is_needed()
    {
        const string dockerfile = "FROM one AS a\nCOPY --from=b /x /x\nFROM two AS b\nFROM three AS c\n";

        Assert.Equal(["three"], Dockerfile.Needed(dockerfile));
        Assert.Equal(2, Dockerfile.Error(dockerfile, new DockerfileOptions { Target = "a" }).Location!.Line);
    }

    // As in BuildKit, which counts them among its stages.
    [Fact]
    public void Image_that_was_copied_from_has_a_number_too() =>
        Assert.Equal(["alpine", "tools"], Dockerfile.All("FROM alpine\nCOPY --from=tools /a /a\nCOPY --from=1 /b /b\n"));
}
