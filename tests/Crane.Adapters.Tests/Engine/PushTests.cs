using Crane.Moving.Engine;
using Crane.Testing;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Pushing from real engines, with each image store.</summary>
public sealed class PushTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Push_returns_the_digest_that_the_registry_has_and_the_image_keeps_it(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore, Testbed.PersonalPassword);
        var image = await samples.ImportAsync(Testbed.Personal);

        var pushed = await samples.Store.PushAsync(image, new Reports(), Cancellation);
        Assert.NotNull(pushed);
        Assert.Equal(pushed, (await samples.Store.FindRemoteAsync(image, Cancellation)).Digest);
        Assert.Contains(pushed, (await samples.Store.FindAsync(image, Cancellation))!.Digests);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Bytes_of_a_big_layer_are_counted_to_the_end_and_not_again(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(Testbed.Official, size: 60_000_000);
        var (first, second) = (new Reports(), new Reports());
        await samples.Store.PushAsync(image, first, Cancellation);
        await samples.Store.PushAsync(image, second, Cancellation);
        Assert.InRange(first.All.Last(report => report.IsTransfer).CurrentBytes, 60_000_000, 61_000_000);
        Assert.DoesNotContain(second.All, report => report.IsTransfer && report.CurrentBytes > 0);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Index_of_which_one_platform_is_here_is_found_up_to_date_after_its_push(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        using var registry = new RegistryFixture();
        var (source, target) = (samples.Name(Testbed.Official), samples.Name(Testbed.Official, "copy/os:1"));
        await registry.PutIndexAsync(source, RegistryFixture.OwnArchitecture, RegistryFixture.OtherArchitecture);
        await samples.Store.PullAsync(source, null, new Reports(), Cancellation);
        await samples.Store.TagAsync(source, target, Cancellation);

        var pushed = await samples.Store.PushAsync(target, new Reports(), Cancellation);
        Assert.Equal(pushed, (await samples.Store.FindRemoteAsync(target, Cancellation)).Digest);
        Assert.Contains(pushed!, (await samples.Store.FindAsync(target, Cancellation))!.Digests);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Only_the_tag_that_is_named_is_pushed(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(Testbed.Official, "os:latest");
        var other = samples.Name(Testbed.Official, "os:2");
        await samples.Store.TagAsync(image, other, Cancellation);
        await samples.Store.PushAsync(ImageName.Parse($"{image.Registry}/{image.Repository}"), new Reports(), Cancellation);
        Assert.Equal(RemoteState.Present, (await samples.Store.FindRemoteAsync(image, Cancellation)).State);
        Assert.Equal(RemoteImage.Absent, await samples.Store.FindRemoteAsync(other, Cancellation));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Image_or_tag_that_is_not_here_is_not_found_locally(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        await samples.ImportAsync(Testbed.Official, "os:1");
        await AssertPushFailsAsync(samples, samples.Name(Testbed.Official, "os:2"), CraneErrorId.LocalImageNotFound);
        await AssertPushFailsAsync(samples, samples.Name(Testbed.Official, "absent:1"), CraneErrorId.LocalImageNotFound);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Registry_that_is_down_is_unreachable_for_now(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync("127.0.0.1:1");
        Assert.True((await AssertPushFailsAsync(samples, image, CraneErrorId.RegistryUnreachable)).IsTransient);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Registry_that_does_not_know_a_blob_yet_may_be_retried(string imageStore)
    {
        var forgetful = new Fault("PUT", "*/manifests/*", ResponseFault.BlobUnknown(400)) { Times = 9 };
        await using var registry = await FaultProxy.StartAsync(new Uri($"http://{Testbed.Official}"), forgetful);
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(registry.Host);
        var error = await AssertPushFailsAsync(samples, image, CraneErrorId.PushFailed);
        Assert.True(error.IsTransient, error.Message);
    }

    [Theory, MemberData(nameof(Testbed.ImageStoresAndBadPasswords), MemberType = typeof(Testbed))]
    public async Task Registry_that_requires_other_credentials_refuses(string imageStore, string? password)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore, password);
        var image = await samples.ImportAsync(Testbed.Personal);
        var error = await AssertPushFailsAsync(samples, image, CraneErrorId.RegistryUnauthorized);
        Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(Testbed.Personal, error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Cancellation_ends_a_push_and_leaves_no_tag_in_the_registry(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(Testbed.Official, size: 60_000_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reports = new Reports(_ => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => samples.Store.PushAsync(image, reports, stop.Token));
        Assert.Equal(RemoteImage.Absent, await samples.Store.FindRemoteAsync(image, Cancellation));
    }

    private static async Task<CraneException> AssertPushFailsAsync(SampleImages samples, ImageName name, CraneErrorId id)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => samples.Store.PushAsync(name, new Reports(), Cancellation));
        Assert.Equal(id, error.Id);
        return error;
    }
}
