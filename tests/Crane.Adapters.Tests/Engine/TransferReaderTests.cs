using System.Text.Json;
using Crane.Adapters.Engine;
using Crane.Moving.Run;
using Crane.Names;

namespace Crane.Adapters.Tests.Engine;

public sealed class TransferReaderTests
{
    private const string Hash = "98f6938cb4e078d5bfc9e4a722ac513abd320bd72894d9e53d6c4ee07a59d280";

    private readonly Reports _reports = new();

    [Fact]
    public void Bytes_of_a_layer_are_complete_when_it_has_arrived()
    {
        Read(
            """{"status":"Pulling fs layer","progressDetail":{},"id":"bbe8"}""",
            """{"status":"Downloading","progressDetail":{"current":552960,"total":80024541},"id":"bbe8"}""",
            """{"status":"Verifying Checksum","progressDetail":{},"id":"bbe8"}""",
            """{"status":"Download complete","progressDetail":{},"id":"bbe8"}""",
            """{"status":"Extracting","progressDetail":{"current":1,"total":80024541},"id":"bbe8"}""",
            """{"status":"Pull complete","progressDetail":{},"id":"bbe8"}""");
        Assert.Equal(80024541, Moved());
        Assert.Equal(new TransferProgress("bbe8", "Pull complete", false, 0, 0), _reports.All[^1]);
    }

    [Fact]
    public void Pushed_bytes_may_be_more_than_announced()
    {
        Read(
            """{"status":"Pushing","progressDetail":{"current":33792,"total":3000000},"id":"2135"}""",
            """{"status":"Pushing","progressDetail":{"current":3010560,"total":3000000},"id":"2135"}""",
            """{"status":"Pushed","progressDetail":{},"id":"2135"}""");
        Assert.Equal(3010560, Moved());
    }

    [Theory]
    [InlineData("Layer already exists")]
    [InlineData("Mounted from t/multi")]
    [InlineData("Already exists")]
    public void Layer_that_is_there_moves_nothing(string status)
    {
        Read($$"""{"status":"{{status}}","progressDetail":{},"id":"2135"}""");
        Assert.Equal(0, Moved());
    }

    [Theory]
    [InlineData("""{"progressDetail":{},"aux":{"manifestPushedInsteadOfIndex":true,"originalIndex":{"digest":"sha256:a"},"selectedManifest":{"digest":"sha256:b"} } }""", "sha256:a")]
    [InlineData("""{"aux":{"contentMissing":true,"desc":{"digest":"sha256:c"} } }""", "sha256:c")]
    [InlineData("""{"status":"WARNING: failed to pull by digest"}""", "failed to pull by digest")]
    [InlineData("""{"status":"[DEPRECATION NOTICE] Docker Image Format v1"}""", "Docker Image Format v1")]
    public void What_the_engine_wants_the_user_to_know_is_a_note(string message, string words)
    {
        Read(message);
        Assert.Contains(words, Assert.Single(_reports.All, report => report.IsNote).Phase, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_total_is_zero()
    {
        Read("""{"status":"Downloading","progressDetail":{"current":5,"total":-1},"id":"2135"}""");
        Assert.Equal(new TransferProgress("2135", "Downloading", true, 5, 0), Assert.Single(_reports.All));
    }

    [Fact]
    public void Message_about_the_image_is_of_no_layer()
    {
        Read("""{"status":"Pulling from t/multi","id":"1"}""");
        Assert.Equal("", Assert.Single(_reports.All).Layer);
    }

    [Fact]
    public void Pull_says_its_digest_in_words() =>
        Assert.Equal($"sha256:{Hash}", Read($$"""{"status":"Digest: sha256:{{Hash}}"}""")?.ToString());

    [Fact]
    public void Push_says_its_digest_in_words_or_in_a_field()
    {
        Assert.Equal($"sha256:{Hash}", Read($$"""{"status":"1: digest: sha256:{{Hash}} size: 527"}""")?.ToString());
        Assert.Equal($"sha256:{Hash}", Read($$"""{"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:{{Hash}}","Size":527} }""")?.ToString());
    }

    [Fact]
    public void Digest_of_an_index_that_was_not_pushed_is_not_taken() => Assert.Null(Read(
        $$"""{"progressDetail":{},"aux":{"manifestPushedInsteadOfIndex":true,"originalIndex":{"digest":"sha256:{{Hash}}","size":1} } }"""));

    [Theory]
    [InlineData("""{"status":"Digest: sha256:short"}""")]
    [InlineData("""{"status":"Digest: "}""")]
    [InlineData("""{"status":"Downloading","id":"digest: x"}""")]
    [InlineData("{}")]
    public void No_digest_is_found_in_other_words(string line) => Assert.Null(Read(line));

    private Digest? Read(params string[] lines)
    {
        var reader = new TransferReader(_reports, (_, words) => throw new InvalidOperationException(words));
        foreach (var line in lines)
            reader.Report(JsonSerializer.Deserialize(line, EngineJson.Default.JSONMessage)!);
        return reader.Digest;
    }

    private long Moved() => _reports.All
        .Where(report => report.IsTransfer)
        .GroupBy(report => report.Layer)
        .Sum(layer => layer.Last().CurrentBytes);
}
