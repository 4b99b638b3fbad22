namespace Crane.Adapters.Tests.Yaml;

public sealed class YamlDocumentTests
{
    [Theory]
    [InlineData("containers:\n  os: {image: a\n", 3, 1)]
    [InlineData("containers:\n  os:\n    image: a: b\n", 3, 13)]
    [InlineData("containers:\n  os:\n   image: a\n  - b\n", 4, 3)]
    [InlineData("containers:\n  os: \"a\n", 2, 7)]
    [InlineData("containers:\n\tos: {}\n", 2, 1)]
    [InlineData("containers:\n  os:\n    image: a\n\tpush: {}\n", 4, 1)]
    [InlineData("containers:\n  os:\n    image: [a\n    push: {}\n", 3, 12)]
    [InlineData("containers: {os: {image: @a}}\n", 1, 26)]
    [InlineData("containers: *nowhere\n", 1, 13)]
    [InlineData("containers: &a\n  os: *a\n", 2, 7)]
    [InlineData("containers: {[a]: b}\n", 1, 14)]
    [InlineData("containers: {}\n---\ncontainers: {}\n", 2, 1)]
    public void Invalid_yaml_is_one_error_with_its_location(string yaml, int line, int column)
    {
        var error = CraneFile.Error(yaml);

        Assert.Equal(CraneErrorId.CraneFileInvalid, error.Id);
        Assert.Equal((CraneFile.FilePath, line, column), (error.Location!.File, error.Location.Line, error.Location.Column));
        Assert.Equal(yaml.Split('\n')[line - 1], error.Location.LineText);
        Assert.StartsWith($"{CraneFile.FilePath}:{line}:{column}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variable_that_opens_a_map_must_be_quoted()
    {
        var error = CraneFile.Error("containers:\n  a: { image: a/b, push: { registry: ${REGISTRY} } }\n");
        Assert.Equal((CraneErrorId.CraneFileInvalid, 2), (error.Id, error.Location?.Line));
        Assert.Contains("{ registry: \"${NAME}\" }", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_as_indentation_gets_advice() =>
        Assert.Contains("spaces", CraneFile.Error("containers:\n\tos: {}\n").RecommendedAction, StringComparison.Ordinal);

    [Fact]
    public void Json_is_read_too()
    {
        var container = CraneFile.Container("""{ "containers": { "os": { "image": "company/os", "push": { "skip": true } } } }""");

        Assert.Equal(("company/os", true), (container.Image, container.Push!.Skip));
    }

    [Theory]
    [InlineData("{\n\t\"containers\": {\n\t\t\"os\": {\n\t\t\t\"image\":\t\"company/os\"\n\t\t}\n\t}\n}\n")]
    [InlineData("{\"containers\":{\"os\":{\"image\":\"company\\/os\"}}}")]
    [InlineData("{\"containers\":{\"os\":{\"image\":\"company\\u002fos\",\"labels\":[\"\\ud83d\\ude00\"]}}}")]
    [InlineData("{\r\n  \"containers\" : {\r\n    \"os\" :\r\n      { \"image\" : \"company/os\" , \"tty\" : null } } }\r\n")]
    public void Json_of_any_layout_is_read(string json) => Assert.Equal("company/os", CraneFile.Container(json).Image);

    [Fact]
    public void Aliases_have_the_values_of_their_anchors() => Assert.Equal(
        ["company/os", "company/os"],
        CraneFile.Containers("containers: {a: &os {image: company/os}, b: *os}").Select(container => container.Image));

    [Theory]
    [InlineData("{<<: *one, image: own}", "own")]
    [InlineData("{image: own, <<: *one}", "own")]
    [InlineData("{<<: *one}", "one")]
    [InlineData("{<<: [*one, *two]}", "one")]
    [InlineData("{<<: [*two, *one]}", "two")]
    [InlineData("{<<: [*none, *two]}", "two")]
    [InlineData("{<<: {image: inline}}", "inline")]
    [InlineData("{<<: {<<: *one}}", "one")]
    [InlineData("{<<: []}", null)]
    public void Merge_keys_add_missing_keys(string body, string? image) => Assert.Equal(
        image,
        CraneFile.Container($"x-one: &one {{image: one}}\nx-two: &two {{image: two}}\nx-none: &none {{}}\ncontainers:\n  c: {body}\n").Image);

    [Fact]
    public void Merge_is_not_deep() =>
        Assert.Null(CraneFile.Container("""
            x-base: &base {push: {registry: r.co, skip: true}}
            containers:
              c: {<<: *base, image: a, push: {skip: false}}
            """).Push!.Registry);

    [Fact]
    public void Quoted_merge_key_is_a_key() => Assert.Empty(CraneFile.Judge("containers: {c: {run: {'<<': a}}}").Errors);

    [Fact]
    public void Two_merge_keys_are_an_error_that_shows_the_list()
    {
        var error = CraneFile.Error("x-a: &a {}\nx-b: &b {}\ncontainers:\n  c:\n    <<: *a\n    <<: *b\n");

        Assert.Equal((CraneErrorId.DuplicateKey, 6), (error.Id, error.Location!.Line));
        Assert.Contains("<<: [*first, *second]", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("")]
    [InlineData("[text]")]
    public void Merge_of_something_else_is_an_error(string value) =>
        Assert.Equal(CraneErrorId.InvalidValue, CraneFile.Error($"containers:\n  c:\n    <<: {value}\n").Id);

    [Fact]
    public void Billion_laughs_are_refused()
    {
        var levels = Enumerable.Range(1, 30).Select(level => $"x-{level}: &l{level} [{string.Join(", ", Enumerable.Repeat($"*l{level - 1}", 9))}]");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = CraneFile.Error($"x-0: &l0 lol\n{string.Join('\n', levels)}\ncontainers: {{}}\n");

        Assert.Equal(CraneErrorId.CraneFileInvalid, error.Id);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void Merges_that_expand_too_far_are_refused()
    {
        var wide = string.Join(", ", Enumerable.Range(0, 2_000).Select(key => $"k{key}: v"));
        var merges = string.Join('\n', Enumerable.Range(0, 2_000).Select(copy => $"  c{copy}: {{<<: *wide}}"));

        Assert.Equal(CraneErrorId.CraneFileInvalid, CraneFile.Error($"x-wide: &wide {{{wide}}}\ncontainers:\n{merges}\n").Id);
    }

    [Theory]
    [InlineData("[", "")]
    [InlineData("{a: ", "")]
    [InlineData("[", "]")]
    public void Deep_nesting_is_refused(string open, string close)
    {
        var yaml = $"containers: {{c: {{run: {string.Concat(Enumerable.Repeat(open, 100_000))}{string.Concat(Enumerable.Repeat(close, 100_000))}}}}}";

        Assert.Equal(CraneErrorId.CraneFileInvalid, CraneFile.Error(yaml).Id);
    }

    [Fact]
    public void Scalars_stay_strings()
    {
        var container = CraneFile.Container("""
            containers:
              c:
                image: 40001:6379
                push: {tag: [1.10, 0x1F, 2001-12-14, ~x]}
            """);

        Assert.Equal("40001:6379", container.Image);
        Assert.Equal(["1.10", "0x1F", "2001-12-14", "~x"], container.Push!.Tag);
    }
}
