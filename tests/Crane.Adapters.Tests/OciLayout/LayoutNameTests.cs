using Crane.Names;
using Crane.Oci;
using CsCheck;
using Crane.Adapters.OciLayout;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class LayoutNameTests
{
    private static readonly string Old = $"sha256:{new string('a', 64)}";
    private static readonly string Other = $"sha256:{new string('b', 64)}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("company/os", "company/os:latest")]
    [InlineData("docker.io/company/os:1", "company/os:1")]
    [InlineData("docker.io/library/ubuntu", "ubuntu:latest")]
    [InlineData("localhost:5000/os:1", "localhost:5000/os:1")]
    [InlineData("docker.io/localhost/os", "docker.io/localhost/os:latest")]
    [InlineData("company/os:1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "company/os:1")]
    public async Task A_name_is_written_in_its_familiar_form_with_the_tag(string name, string written)
    {
        await using var layout = new Layout();
        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), name);
        Assert.Equal([written], layout.RefNames());
    }

    [Fact]
    public async Task An_image_has_lost_its_last_name_where_no_other_entry_keeps_it()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var (one, two, three) = (ImageName.Parse("company/os:1"), ImageName.Parse("company/os:2"), ImageName.Parse("company/other"));
        var image = SampleImage.Make();
        await image.WriteAsync(store, one.ToString());
        Assert.Equal(image.Digest, Assert.Single(await store.LastNamedAsync(one, new HashSet<ImageName> { one }, Cancellation)).Digest);
        await image.WriteAsync(store, two.ToString());
        await SampleImage.Make().WriteAsync(store, three.ToString());
        Assert.Empty(await store.LastNamedAsync(one, new HashSet<ImageName> { one, three }, Cancellation));
        Assert.Single(await store.LastNamedAsync(one, new HashSet<ImageName> { one, two }, Cancellation));
        Assert.Empty(await store.LastNamedAsync(ImageName.Parse("company/none"), new HashSet<ImageName>(), Cancellation));
    }

    [Fact]
    public async Task The_tags_of_a_repository_are_those_of_its_names()
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Other, "company/os:1"), Entry(Old, "docker.io/company/os"), Entry(Old, "r.co/company/os:3"));
        var store = await layout.OpenAsync();
        Assert.Equal(["1", "latest"], await store.TagsAsync(ImageName.Parse("company/os:9"), Cancellation).ToListAsync(Cancellation));
        var error = await Assert.ThrowsAsync<CraneException>(
            async () => await store.TagsAsync(ImageName.Parse("company/none"), Cancellation).ToListAsync(Cancellation));
        Assert.Equal(CraneErrorId.LocalImageNotFound, error.Id);
    }

    [Fact]
    public async Task A_digest_alone_is_no_name()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();

        var error = await Assert.ThrowsAsync<CraneException>(() => SampleImage.Make().WriteAsync(store, $"company/os@{Old}"));

        Assert.Equal(CraneErrorId.DigestWithoutTag, error.Id);
        Assert.Empty(layout.Entries());
    }

    [Theory]
    [InlineData("company/os")]
    [InlineData("company/os:latest")]
    [InlineData("docker.io/company/os")]
    [InlineData("docker.io/company/os:latest")]
    [InlineData("index.docker.io/company/os:latest")]
    [InlineData("company/os:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task Any_spelling_is_read(string spelling)
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Other, "company/os:1"), Entry(Old, spelling));
        var store = await layout.OpenAsync();

        foreach (var name in new[] { "company/os", "docker.io/company/os:latest" })
            Assert.Equal(Old, (await store.ResolveAsync(ImageName.Parse(name), Cancellation))?.Digest.ToString());
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("company/os:2")]
    [InlineData("localhost/company/os:latest")]
    [InlineData("company/os@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Not A Name")]
    [InlineData("")]
    [InlineData(@"\ud800")]
    public async Task Other_names_are_not(string spelling)
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Old, spelling));
        Assert.Null(await (await layout.OpenAsync()).ResolveAsync(ImageName.Parse("company/os"), Cancellation));
    }

    [Fact]
    public async Task The_full_name_that_buildx_and_containerd_write_is_used_and_not_the_tag_beside_it()
    {
        await using var layout = new Layout();
        layout.WriteEntries(ContainerdEntry(Old, "docker.io/company/os:v1", "v1"));
        var store = await layout.OpenAsync();

        Assert.Equal(Old, (await store.ResolveAsync(ImageName.Parse("company/os:v1"), Cancellation))?.Digest.ToString());
        Assert.Null(await store.ResolveAsync(ImageName.Parse("v1"), Cancellation));
    }

    [Fact]
    public async Task Two_names_of_one_image_are_two_entries()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make();
        var store = await layout.OpenAsync();

        await image.WriteAsync(store, "company/os:1", "company/os:latest");

        Assert.Equal(["company/os:1", "company/os:latest"], layout.RefNames());
        Assert.All(layout.Entries(), entry => Assert.Equal(image.Digest.ToString(), entry.GetProperty("digest").GetString()));
    }

    [Fact]
    public async Task A_name_that_is_written_again_stays_in_its_place()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        await SampleImage.Make().WriteAsync(store, "a", "b", "c");
        var image = SampleImage.Make();

        await image.WriteAsync(store, "b");

        Assert.Equal(["a:latest", "b:latest", "c:latest"], layout.RefNames());
        Assert.Equal(image.Digest, (await store.ResolveAsync(ImageName.Parse("b"), Cancellation))?.Digest);
        Assert.NotEqual(image.Digest, (await store.ResolveAsync(ImageName.Parse("a"), Cancellation))?.Digest);
    }

    [Fact]
    public async Task An_existing_name_of_that_image_is_not_written_again()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        var written = DateTime.UnixEpoch;
        File.SetLastWriteTimeUtc(layout.Index, written);

        await image.WriteAsync(store, "docker.io/company/os:latest");

        Assert.Equal(written, File.GetLastWriteTimeUtc(layout.Index));
    }

    [Fact]
    public async Task Every_spelling_of_a_name_that_others_wrote_follows_it_and_Crane_s_own_is_added()
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Old, "company/os"), ContainerdEntry(Other, "docker.io/company/os:latest", "latest"));
        var image = SampleImage.Make();

        await image.WriteAsync(await layout.OpenAsync(), "company/os");

        Assert.Equal(["company/os", "latest", "company/os:latest"], layout.RefNames());
        Assert.All(layout.Entries(), entry => Assert.Equal(image.Digest.ToString(), entry.GetProperty("digest").GetString()));
        var annotations = layout.Entries()[1].GetProperty("annotations");
        Assert.Equal("docker.io/company/os:latest", annotations.GetProperty("io.containerd.image.name").GetString());
        Assert.False(annotations.TryGetProperty("org.opencontainers.image.created", out _));    // it was about the image before
    }

    [Fact]
    public async Task A_name_of_two_images_is_an_error_until_it_is_written()
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Old, "company/os"), Entry(Other, "company/os:latest"));
        var store = await layout.OpenAsync();

        var error = await Assert.ThrowsAsync<CraneException>(() => store.ResolveAsync(Sample.Repository, Cancellation));
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains(Old, error.Message, StringComparison.Ordinal);
        Assert.Contains(Other, error.Message, StringComparison.Ordinal);

        // For a writer, the name does not exist yet.
        Assert.Null(await store.CurrentAsync(Sample.Repository, Cancellation));
        var image = SampleImage.Make();
        await image.WriteAsync(store, "company/os");
        Assert.Equal(image.Digest, (await store.ResolveAsync(Sample.Repository, Cancellation))?.Digest);
    }

    [Fact]
    public async Task Entries_of_one_spelling_become_one()
    {
        await using var layout = new Layout();
        layout.WriteEntries(Entry(Old, "company/os:latest"), Entry(Other, "x"), Entry(Other, "company/os:latest"));

        await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/os");

        Assert.Equal(["company/os:latest", "x"], layout.RefNames());
    }

    [Fact]
    public async Task Entries_without_an_image_are_ignored()
    {
        await using var layout = new Layout();
        layout.WriteEntries(
            Entry(Old, "company/os").Replace("vnd.oci.image.manifest.v1+json", "xml", StringComparison.Ordinal),
            Entry("sha256:no", "company/os"),
            "null", "7", "{}", """{"annotations":7}""");
        Assert.Null(await (await layout.OpenAsync()).ResolveAsync(Sample.Repository, Cancellation));
    }

    [Fact]
    public void Names_written_in_any_order_refer_to_their_last_image()
    {
        var name = Gen.OneOf("a", "a:1", "docker.io/a", "docker.io/library/a:latest", "b/c", "r.co:5000/b/c:2", "docker.io/localhost/a")
            .Select(ImageName.Parse);
        var image = Gen.Char["0123456789abcdef"].Select(Image);
        Gen.Select(name, image).Array[0, 30].Sample(writes =>
        {
            var index = writes.Aggregate(LayoutIndex.Empty, (index, write) => LayoutIndex.Parse(index.WithName(write.Item1, write.Item2).ToBytes()));
            var expected = writes.GroupBy(write => write.Item1).ToDictionary(group => group.Key, group => group.Last().Item2.Digest);
            return index.Entries.Count == expected.Count
                && expected.All(pair => index.Of(pair.Key).Single().Digest == pair.Value);
        });
    }

    [Fact]
    public void Entries_of_others_stay_unless_they_have_the_written_name()
    {
        var entry = Gen.OneOf(
            Entry(Old, "x"), Entry(Old, "company/os"), Entry(Other, "docker.io/company/os:latest"), Entry(Other, "a b"), "null", "[ ]",
            """{ "mediaType" : "a",  "size":1.50e1, "text":"\u00e9\/", "text":2 }""",
            ContainerdEntry(Old, "docker.io/company/os:v1", "v1"));
        entry.Array[0, 8].Sample(entries =>
        {
            var index = LayoutIndex.Parse(Sample.Bytes($$"""{"x":[1, 2],"manifests":[{{string.Join(',', entries)}}],"y":null}"""));
            var changed = LayoutIndex.Parse(index.WithName(Sample.Repository, Image('c')).ToBytes());
            static IEnumerable<string> Kept(LayoutIndex index) =>
                index.Entries.Where(entry => entry.Name != Sample.Repository).Select(entry => entry.Json);
            return Kept(changed).SequenceEqual(Kept(index)) && changed.Of(Sample.Repository).All(image => image.Digest.Hex[0] == 'c');
        });
    }

    private static Descriptor Image(char fill) =>
        new(MediaTypes.OciManifest, Digest.TryParse($"sha256:{new string(fill, 64)}", out var digest) ? digest : null!, 1);

    private static string Entry(string digest, string name) =>
        $$$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{digest}}}","size":1,"annotations":{"org.opencontainers.image.ref.name":"{{{name}}}"}}""";

    private static string ContainerdEntry(string digest, string name, string tag) =>
        $$$"""
        {"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{digest}}}","size":1,"annotations":{
        "io.containerd.image.name":"{{{name}}}","org.opencontainers.image.created":"2020-01-01T00:00:00Z","org.opencontainers.image.ref.name":"{{{tag}}}"}}
        """;
}
