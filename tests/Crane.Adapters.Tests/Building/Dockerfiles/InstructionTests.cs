namespace Crane.Adapters.Tests.Building.Dockerfiles;

/// <summary>What BuildKit refuses before it builds anything.</summary>
public sealed class InstructionTests
{
    [Theory]
    [InlineData("RUN")]
    [InlineData("RUN [\"a\", \"b\"]")]
    [InlineData("RUN [not json")]
    [InlineData("CMD []")]
    [InlineData("ENTRYPOINT a b")]
    [InlineData("ENV A=b C=\"d e\" F=g\\ h")]
    [InlineData("ENV A b c")]
    [InlineData("LABEL a.b=c")]
    [InlineData("ARG A B=c")]
    [InlineData("ARG --what A")]
    [InlineData("EXPOSE 80 443/tcp")]
    [InlineData("VOLUME [\"/a\"]")]
    [InlineData("WORKDIR /a b")]
    [InlineData("USER me")]
    [InlineData("STOPSIGNAL 9")]
    [InlineData("MAINTAINER me <me@x.co>")]
    [InlineData("SHELL [\"bash\", \"-c\"]")]
    [InlineData("HEALTHCHECK NONE")]
    [InlineData("HEALTHCHECK --interval=5s --retries=3 cmd curl x")]
    [InlineData("ADD --checksum=sha256:a --unpack=false --exclude=a --exclude=b https://x.co/a /a")]
    [InlineData("COPY --link --parents=TRUE --chmod=755 a b c/")]
    [InlineData("rUn --network=host --security=insecure true")]
    public void Accepted(string instruction) => Assert.Equal(["alpine"], Dockerfile.All($"FROM alpine\n{instruction}\n"));

    [Theory]
    [InlineData("FORM alpine", "unknown instruction 'FORM'")]
    [InlineData("RUN[\"a\"]", "unknown instruction")]
    [InlineData("RUN [\"a\", 1]", "can only contain strings")]
    [InlineData("COPY a", "COPY requires a source and a destination")]
    [InlineData("ADD", "ADD requires a source and a destination")]
    [InlineData("COPY --from=img --from=img a b", "duplicate flag '--from'")]
    [InlineData("COPY --from a b", "'--from' has no value")]
    [InlineData("COPY --FROM=img a b", "COPY has no flag '--FROM'")]
    [InlineData("COPY --link=maybe a b", "'--link' must be true or false")]
    [InlineData("ADD --from=img a b", "ADD has no flag '--from'")]
    [InlineData("RUN --network=bridge true", "'--network' cannot be 'bridge'")]
    [InlineData("RUN --mnt=a true", "RUN has no flag '--mnt'")]
    [InlineData("CMD --mount=from=a true", "CMD has no flag '--mount'")]
    [InlineData("ENV", "ENV requires an argument")]
    [InlineData("ENV A", "ENV requires a name and a value")]
    [InlineData("ENV A=b C", "'C' has no '='")]
    [InlineData("ENV =a", "ENV has a blank name")]
    [InlineData("ARG", "ARG requires an argument")]
    [InlineData("ARG =a", "ARG has a blank name")]
    [InlineData("EXPOSE", "EXPOSE requires an argument")]
    [InlineData("VOLUME [\"\"]", "VOLUME has a blank path")]
    [InlineData("SHELL bash", "SHELL requires a JSON array")]
    [InlineData("HEALTHCHECK", "HEALTHCHECK requires an argument")]
    [InlineData("HEALTHCHECK NONE a", "NONE takes no arguments")]
    [InlineData("HEALTHCHECK CMD", "CMD requires a command")]
    [InlineData("HEALTHCHECK curl x", "not 'CURL'")]
    [InlineData("FROM", "FROM requires an image")]
    [InlineData("FROM a b", "FROM requires an image")]
    [InlineData("FROM a IS b", "expected 'AS' instead of 'IS'")]
    [InlineData("FROM a AS 1b", "invalid stage name '1b'")]
    [InlineData("FROM --platfrom=linux a", "FROM has no flag '--platfrom'")]
    [InlineData("FROM a${V", "missing '}'")]
    public void Refused_in_its_line(string instruction, string words)
    {
        var error = Dockerfile.Error($"FROM alpine\n\n{instruction}\n");

        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((Dockerfile.Path, 3, instruction), (error.Location!.File, error.Location.Line, error.Location.LineText));
    }

    [Theory]
    [InlineData("FORM alpine", "Did you mean FROM?")]
    [InlineData("FROM a\nCOPY --form=b a b", "Did you mean '--from'?")]
    [InlineData("FROM a\nCOPY --FROM=b a b", "Did you mean '--from'?")]
    public void Advice_suggests_similar_names(string dockerfile, string advice) =>
        Assert.Equal(advice, Dockerfile.Error(dockerfile).RecommendedAction);

    [Theory]
    [InlineData("")]
    [InlineData("\n# nothing\n")]
    [InlineData("ARG A=1\n")]
    public void Without_FROM_there_is_nothing_to_build(string dockerfile) =>
        Assert.Contains("has no FROM", Dockerfile.Error(dockerfile).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_ARG_is_allowed_before_FROM()
    {
        var error = Dockerfile.Error("ARG A\nRUN true\nFROM alpine\n");

        Assert.Contains("RUN before the first FROM", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Location!.Line);
    }

    [Theory]
    [InlineData("FROM Alpine")]
    [InlineData("FROM alpine:")]
    [InlineData("FROM alpine@sha256:abc")]
    [InlineData("FROM a\nCOPY --from=https://x.co/a /a /b")]
    public void Invalid_image_name(string dockerfile)
    {
        var error = Dockerfile.Error(dockerfile);

        Assert.Equal(CraneErrorId.InvalidImageName, error.Id);
        Assert.Equal(dockerfile.Split('\n').Length, error.Location!.Line);
        Assert.StartsWith($"{error.Location}: Image name '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_stay_short_and_visible()
    {
        var error = Dockerfile.Error($"FROM alpine\n\u001b[2J{new string('x', 50_000)} a\n");

        Assert.DoesNotContain('\u001b', error.Message);
        Assert.True(error.Message.Length < 300);
        Assert.True(error.Location!.LineText.Length < 2_000);
    }
}
