namespace Crane.Adapters.Tests.Engine;

/// <summary>Local images of real engines, with each image store.</summary>
public sealed class ImageStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Image_is_found_by_its_name_only(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync("r.example");
        var found = await samples.Store.FindAsync(image, Cancellation);
        Assert.NotNull(found);
        Assert.Single(found.Layers);
        Assert.Null(await samples.Store.FindAsync(samples.Name("r.example", "os:2"), Cancellation));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Beginning_of_an_id_is_not_a_name(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync("r.example");
        var id = (await samples.Store.FindAsync(image, Cancellation))!.Id;
        Assert.Null(await samples.Store.FindAsync(ImageName.Parse(id["sha256:".Length..][..12]), Cancellation));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Tag_is_a_further_name_of_the_same_image(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync("r.example");
        var other = samples.Name("localhost:5000", "team/os:2");
        await samples.Store.TagAsync(image, other, Cancellation);
        Assert.Equal(
            (await samples.Store.FindAsync(image, Cancellation))!.Id, (await samples.Store.FindAsync(other, Cancellation))!.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Tag_moves_from_one_image_to_another(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var (old, young) = (await samples.ImportAsync("r.example"), await samples.ImportAsync("r.example", "os:2"));
        await samples.Store.TagAsync(young, old, Cancellation);
        Assert.Equal(
            (await samples.Store.FindAsync(young, Cancellation))!.Id, (await samples.Store.FindAsync(old, Cancellation))!.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Name_goes_back_to_an_image_that_has_no_other_any_more(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var (name, young) = (await samples.ImportAsync("r.example"), await samples.ImportAsync("r.example", "os:2"));
        var before = await samples.Store.FindAsync(name, Cancellation);
        await samples.Store.TagAsync(young, name, Cancellation);
        await samples.Store.TagAsync(before!, name, Cancellation);
        Assert.Equal(before!.Id, (await samples.Store.FindAsync(name, Cancellation))!.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Tag_of_an_image_that_is_absent_is_an_error(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var error = await Assert.ThrowsAsync<CraneException>(
            () => samples.Store.TagAsync(samples.Name("r.example"), samples.Name("r.example", "os:2"), Cancellation));
        Assert.Equal(CraneErrorId.LocalImageNotFound, error.Id);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Untagging_leaves_the_image_its_other_names(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync("r.example");
        var other = samples.Name("r.example", "os:2");
        await samples.Store.TagAsync(image, other, Cancellation);
        await samples.Store.UntagAsync(image, Cancellation);
        Assert.Null(await samples.Store.FindAsync(image, Cancellation));
        Assert.NotNull(await samples.Store.FindAsync(other, Cancellation));
        await samples.Store.UntagAsync(image, Cancellation);
    }
}
