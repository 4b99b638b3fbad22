using Crane.Moving.Content;
using Crane.Oci;

namespace Crane.Core.Tests.Transfer;

/// <summary>Moves of indexes, as a whole and of some of their platforms.</summary>
public sealed class IndexMoveTests : ContentMoverTestBase
{
    [Fact]
    public async Task An_index_moves_as_a_whole_its_images_without_tags()
    {
        var (amd, arm) = AddBoth();
        var index = Content.AddIndex("a.co/os", (amd, "linux/amd64"), (arm, "linux/arm64"));

        await CopyAsync(("a.co/os", "b.co/os"));

        Assert.Equal(index.Descriptor.Digest, Content.TagDigest("b.co/os"));
        Assert.Equal(2, Content.CallsOf("put").Count());
        Assert.Single(Content.CallsOf("tag"));
    }

    [Fact]
    public async Task An_index_may_list_blobs()
    {
        Content.AddCache("a.co/cache", "one layer", "another layer");

        Assert.Null((await CopyAsync(("a.co/cache", "b.co/cache"))).Single().Error);

        Assert.Equal(Content.TagDigest("a.co/cache"), Content.TagDigest("b.co/cache"));
    }

    [Fact]
    public async Task One_platform_is_the_image_itself()
    {
        var (amd, arm) = AddBoth();
        Content.AddIndex("a.co/os", (amd, "linux/amd64"), (arm, "linux/arm64"));
        Options = new TransferOptions { Platforms = [Platform("linux/aarch64")] };

        await CopyAsync(("a.co/os", "b.co/os"));
        Assert.Equal(arm.Descriptor.Digest, Content.TagDigest("b.co/os"));

        var again = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;
        Assert.Equal(RetagStatus.UpToDate, again.Status);
    }

    [Fact]
    public async Task A_subset_of_platforms_is_an_index_of_just_these()
    {
        var (amd, arm) = AddBoth();
        var windows = Content.AddImageFor("windows/amd64", null, "a.co/os:windows", "win");
        Content.AddIndex("a.co/os", (amd, "linux/amd64"), (windows, "windows/amd64"), (arm, "linux/arm64"));
        Options = new TransferOptions { Platforms = [Platform("linux/amd64"), Platform("linux/arm64")] };

        var result = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Result;

        Assert.Equal(Content.TagDigest("b.co/os")?.ToString(), result.Digest);
        Assert.Equal(2, Content.CallsOf("put").Count());
        Assert.True(Content.IsComplete("b.co/os"));
    }

    [Theory]
    [InlineData("\"os\":\"linux\",\"os\":\"linux\",", "")]
    [InlineData("", "\"annotations\":{},\"annotations\":{},")]
    [InlineData("\"\\ud800\":1,", "")]
    public async Task A_subset_of_an_index_whose_keys_are_not_clear_is_an_error(string inIndex, string inEntry)
    {
        var (amd, arm) = AddBoth();
        string Entry(Manifest image, string architecture) =>
            $$$"""{{{{inEntry}}}"mediaType":"{{{image.Descriptor.MediaType}}}","digest":"{{{image.Descriptor.Digest}}}","size":{{{image.Descriptor.Size}}},"platform":{"os":"linux","architecture":"{{{architecture}}}"}}""";
        Content.AddIndex("a.co/os", $$"""{{{inIndex}}"schemaVersion":2,"manifests":[{{Entry(amd, "amd64")}},{{Entry(arm, "arm64")}}]}""");
        Options = new TransferOptions { Platforms = [Platform("linux/amd64"), Platform("linux/arm64")] };

        var error = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Error;

        Assert.Equal(CraneErrorId.PullFailed, error?.Id);
        Assert.StartsWith("The manifest of 'a.co/os' cannot be used: it has a duplicate or invalid key", error?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_platform_that_is_not_there_is_an_error_that_says_which_are(bool isIndex)
    {
        var amd = Content.AddImage("a.co/os", "amd");
        if (isIndex)
            Content.AddIndex("a.co/os", (amd, "linux/amd64"));
        Options = new TransferOptions { Platforms = [Platform("linux/s390x")] };

        var error = (await CopyAsync(("a.co/os", "b.co/os"))).Single().Error;

        Assert.Equal(CraneErrorId.ImageNotFound, error?.Id);
        Assert.Equal("'a.co/os' has no platform linux/s390x. Available: linux/amd64.", error?.Message);
    }

    [Fact]
    public async Task Of_an_image_without_a_platform_none_is_offered()
    {
        Content.AddImageFor("/", null, "a.co/chart", "chart");
        Options = new TransferOptions { Platforms = [Platform("linux/s390x")] };

        var error = (await CopyAsync(("a.co/chart", "b.co/chart"))).Single().Error;

        Assert.Equal("'a.co/chart' has no platform linux/s390x: its manifest names no platform.", error?.Message);
    }

    private static ImagePlatform Platform(string written) =>
        ImagePlatform.TryParse(written, out var platform) ? platform : throw new ArgumentException("not a platform", nameof(written));

    private (Manifest Amd, Manifest Arm) AddBoth() =>
        (Content.AddImage("a.co/os:amd", "base", "amd"), Content.AddImageFor("linux/arm64", null, "a.co/os:arm", "base", "arm"));
}
