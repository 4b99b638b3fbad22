using System.Text;
using Crane.CraneFile;
using Crane.CraneFile.Selecting;

namespace Crane.Adapters.Tests.Yaml;

public sealed class CraneFileTextTests : IDisposable
{
    private const string Text = "# Größe\ncontainers:\n  os:\n    image: company/os\n";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Encodings { get; } = ["utf-8", "utf-16", "utf-16BE"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void File_with_a_byte_order_mark_is_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        _folder.Write("crane.yaml", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]);

        Assert.Equal("company/os", Image(_folder.Load("crane.yaml")));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Utf_8_is_read_whatever_the_line_breaks(string lineBreak)
    {
        _folder.Write("crane.yaml", Text.Replace("\n", lineBreak, StringComparison.Ordinal));

        var container = Assert.Single(Select(_folder.Load("crane.yaml")).Containers);

        Assert.Equal(("company/os", 3), (container.Image, container.Line));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf_16_without_a_byte_order_mark_is_one_clear_error(string name)
    {
        _folder.Write("crane.yaml", Encoding.GetEncoding(name).GetBytes(Text));

        AssertInvalid("is UTF-16 without a byte order mark");
    }

    [Fact]
    public void Utf_32_is_one_clear_error()
    {
        _folder.Write("crane.yaml", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Text)]);

        AssertInvalid("is UTF-32");
    }

    [Fact]
    public void Invalid_utf_8_has_its_location()
    {
        _folder.Write("crane.yaml", Encoding.Latin1.GetBytes("containers:\n  # Größe\n  os: {}\n"));

        var location = AssertInvalid("crane.yaml:2:7: the file is not valid UTF-8 from here on").Location;

        Assert.Equal("  # Gr\uFFFD\uFFFDe", location!.LineText);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Null_character_is_an_error_with_its_location(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        _folder.Write("crane.yaml", [.. encoding.GetPreamble(), .. encoding.GetBytes("containers:\n  os: {}\n\0  etcd: {}\n")]);

        AssertInvalid("crane.yaml:3:1: the file has a null character here");
    }

    [Fact]
    public void File_of_more_than_16_MB_is_refused()
    {
        _folder.Write("crane.yaml", new byte[(16 * 1024 * 1024) + 1]);

        AssertInvalid("is larger than 16 MB");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n...\n")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Empty_file_is_an_error(string yaml)
    {
        _folder.Write("crane.yaml", yaml);

        AssertInvalid("it is empty");
    }

    private static SelectionResult Select(CraneStackResult result)
    {
        Assert.Empty(result.Errors);
        return Selection.Select(result.Stack!, new SelectionRequest(), new GivenVariables());
    }

    private static string? Image(CraneStackResult result) => Assert.Single(Select(result).Containers).Image;

    private CraneException AssertInvalid(string words)
    {
        var result = _folder.Load("crane.yaml");

        var error = Assert.Single(result.Errors);
        Assert.Null(result.Stack);
        Assert.Equal(CraneErrorId.CraneFileInvalid, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("crane.yaml"), error.Message, StringComparison.Ordinal);
        return error;
    }
}
