using Crane.Moving.Content;
using Crane.Names;

namespace Crane.Core.Tests.Transfer;

/// <summary>What comes along with an image on request: its referrers, and layers that their publisher keeps.</summary>
public sealed class ReferrerMoveTests : ContentMoverTestBase
{
    [Fact]
    public async Task A_referrer_that_is_there_is_written_again_as_its_listing_may_be_missing()
    {
        var image = Content.AddImage("a.co/os", "base");
        var bill = Content.AddImageFor("linux/amd64", image.Descriptor, "a.co/os:bill", "bill of material");
        Options = new TransferOptions { IncludeReferrers = true };

        await CopyAsync(("a.co/os", "b.co/os"));
        await CopyAsync(("a.co/os", "b.co/os"));

        Assert.Equal(2, Content.CallsOf("put").Count(call => call.EndsWith(bill.Descriptor.ShortId, StringComparison.Ordinal)));
        Assert.Equal(3, Content.CallsOf("write").Count());
    }

    [Fact]
    public async Task Referrers_come_along_with_theirs_and_with_the_tags_of_cosign()
    {
        var image = Content.AddImage("a.co/os", "base");
        var bill = Content.AddImageFor("linux/amd64", image.Descriptor, "a.co/os:bill", "bill of material");
        var signature = Content.AddImageFor("linux/amd64", bill.Descriptor, "a.co/os:signature", "signature of the bill");
        Content.AddImage($"a.co/os:sha256-{image.Descriptor.Digest.Hex}.sig", "cosign");
        Options = new TransferOptions { IncludeReferrers = true };

        await CopyAsync(("a.co/os", "b.co/os"));

        var there = await Content.ReferrersAsync(ImageName.Parse("b.co/os"), image.Descriptor.Digest, TestContext.Current.CancellationToken);
        Assert.Equal(bill.Descriptor.Digest, Assert.Single(there).Digest);
        there = await Content.ReferrersAsync(ImageName.Parse("b.co/os"), bill.Descriptor.Digest, TestContext.Current.CancellationToken);
        Assert.Equal(signature.Descriptor.Digest, Assert.Single(there).Digest);
        Assert.NotNull(Content.TagDigest($"b.co/os:sha256-{image.Descriptor.Digest.Hex}.sig"));
    }

    [Fact]
    public async Task Layers_that_their_publisher_keeps_stay_there()
    {
        Content.AddImage("a.co/windows", "foreign base", "own");

        Assert.Equal(RetagStatus.Succeeded, (await CopyAsync(("a.co/windows", "b.co/windows"))).Single().Result.Status);
        Assert.DoesNotContain(Content.CallsOf("write"), call => call.EndsWith(Digest.OfSha256("foreign base"u8).Hex[..12], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Layers_that_their_publisher_keeps_come_along_where_that_is_asked_for_even_to_where_the_image_is()
    {
        Content.AddImage("a.co/windows", "foreign base", "own");
        await CopyAsync(("a.co/windows", "b.co/windows"));
        Options = new TransferOptions { IncludeForeignLayers = true };

        var result = (await CopyAsync(("a.co/windows", "b.co/windows"))).Single().Result;

        Assert.Equal((RetagStatus.Succeeded, "foreign base".Length), (result.Status, result.SizeBytes));
        Assert.EndsWith(Digest.OfSha256("foreign base"u8).Hex[..12], Content.CallsOf("write").Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, RetagStatus.Succeeded)]
    [InlineData(11, RetagStatus.Failed)]
    public async Task Referrers_of_referrers_are_followed_so_deep_and_no_deeper(int depth, RetagStatus status)
    {
        var subject = Content.AddImage("a.co/os", "base");
        for (var level = 1; level <= depth; level++)
            subject = Content.AddImageFor("linux/amd64", subject.Descriptor, $"a.co/os:level{level}", $"level {level}");
        Options = new TransferOptions { IncludeReferrers = true };

        var outcome = (await CopyAsync(("a.co/os", "b.co/os"))).Single();

        Assert.Equal(status, outcome.Result.Status);
        Assert.True(Content.IsComplete("b.co/os"));
        if (outcome.Error is { } error)
            Assert.Equal(
                (CraneErrorId.PullFailed, "The referrers of 'a.co/os' were not all moved: they refer to each other more than 10 deep."),
                (error.Id, error.Message));
    }
}
