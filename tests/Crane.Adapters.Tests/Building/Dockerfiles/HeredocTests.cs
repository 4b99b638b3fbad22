namespace Crane.Adapters.Tests.Building.Dockerfiles;

public sealed class HeredocTests
{
    [Theory]
    [InlineData("RUN <<EOF\nFROM none\nEOF")]
    [InlineData("RUN <<'EOF'\nFROM none\nEOF")]
    [InlineData("RUN <<\"E F\"\nFROM none\nE F")]
    [InlineData("RUN << EOF\nFROM none\nEOF")]
    [InlineData("RUN <<-EOF\nFROM none\n\t\tEOF")]
    [InlineData("RUN python3 3<<EOF\nFROM none\nEOF")]
    [InlineData("RUN cat <<A <<B\nFROM none\nA\nFROM none\nB")]
    [InlineData("RUN a && \\\n  cat <<EOF\nFROM none \\\nEOF")]
    [InlineData("RUN <<EOF\n EOF\n\tEOF\nEOF \n# EOF\nEOF")]
    [InlineData("RUN <<EOF\r\nFROM none\r\nEOF\r")]
    [InlineData("COPY <<EOF /a\nFROM none\nEOF")]
    [InlineData("ADD <<EOF <<END /a/\nFROM none\nEOF\nFROM none\nEND")]
    [InlineData("RUN --mount=type=cache,target=/c <<EOF\nFROM none\nEOF")]
    [InlineData("RUN <<EOF\nEOF")]
    public void Content_is_no_instruction(string instruction) =>
        Assert.Equal(["alpine", "busybox"], Dockerfile.All($"FROM alpine\n{instruction}\nFROM busybox\n"));

    [Theory]
    [InlineData("RUN echo '<<EOF'")]
    [InlineData("RUN echo \"<<EOF\"")]
    [InlineData("RUN echo \\<<EOF")]
    [InlineData("RUN echo $((1<<2))")]
    [InlineData("RUN cat<<EOF")]
    [InlineData("RUN cat <<<EOF")]
    [InlineData("RUN it's <<EOF")]
    [InlineData("RUN [\"cat\", \"<<EOF\"]")]
    [InlineData("CMD cat <<EOF")]
    [InlineData("LABEL a=<<EOF")]
    [InlineData("RUN cat <<")]
    [InlineData("RUN cat <<${A:-EOF}")]
    public void No_heredoc(string instruction) =>
        Assert.Equal(["alpine", "busybox"], Dockerfile.All($"FROM alpine\n{instruction}\nFROM busybox\n"));

    [Fact]
    public void Unterminated_heredoc_is_an_error_where_it_begins()
    {
        var error = Dockerfile.Error("FROM alpine\nRUN <<EOF\necho\n EOF\n");

        Assert.Contains("the heredoc 'EOF' has no end", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Location!.Line);
    }

    [Fact]
    public void Destination_cannot_be_one() =>
        Assert.Contains("destination", Dockerfile.Error("FROM alpine\nCOPY a <<EOF\nEOF\n").Message, StringComparison.Ordinal);
}
