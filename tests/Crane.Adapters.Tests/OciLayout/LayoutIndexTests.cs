using System.Text;
using System.Text.Json;
using CsCheck;
using Crane.Adapters.OciLayout;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class LayoutIndexTests
{
    [Fact]
    public async Task What_others_wrote_is_kept_verbatim()
    {
        await using var layout = new Layout();
        const string other =
            """{"size":7,"future":{"b":1.50,"a":[ ]},"digest":"blake3:00","mediaType":"text/plain","platform":{"os":"plan9"},"annotations":{"é":"<\u00e9>"}}""";
        layout.WriteIndex($$"""{"annotations":{"by":"me"},"manifests":[{{other}}],"future":1e2,"schemaVersion":2}""");

        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/os");

        var json = await File.ReadAllTextAsync(layout.Index, TestContext.Current.CancellationToken);
        Assert.StartsWith($$"""{"annotations":{"by":"me"},"future":1e2,"schemaVersion":2,"manifests":[{{other}},{""", json, StringComparison.Ordinal);
        Assert.Equal([null, "company/os:latest"], layout.RefNames());
    }

    [Fact]
    public async Task An_indented_index_stays_indented()
    {
        await using var layout = new Layout();
        layout.WriteIndex("{\n  \"schemaVersion\": 2,\n  \"manifests\": []\n}");

        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/os");

        var json = await File.ReadAllTextAsync(layout.Index, TestContext.Current.CancellationToken);
        Assert.Contains("\n  \"schemaVersion\": 2", json, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_ten_thousand_names_is_read_and_written()
    {
        var entry = """{"mediaType":"a","digest":"b","size":1}""";
        var index = LayoutIndex.Parse(Sample.Bytes($$"""{"manifests":[{{string.Join(',', Enumerable.Repeat(entry, 10_000))}}]}"""));
        Assert.Equal(10_000, LayoutIndex.Parse(index.ToBytes()).Entries.Count);
    }

    [Fact]
    public void Bytes_that_are_not_an_index_are_refused_with_the_declared_error_only() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["{}[]\":,2 manifest"], 0, 30]).Sample(json =>
        {
            try
            {
                LayoutIndex.Parse(Encoding.UTF8.GetBytes(json)).ToBytes();
            }
            catch (Exception refused) when (refused is FormatException or JsonException)
            {
                // Refused in one of the two ways that its reader tells the user about.
            }
        });
}
