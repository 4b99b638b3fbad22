using Crane.Moving.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Pulling into real engines, with each image store.</summary>
public sealed class PullTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Pull_returns_the_digest_that_the_registry_has_and_the_image_keeps_it(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        using var registry = new RegistryFixture();
        var name = samples.Name(Testbed.Official);
        var (index, _) = await registry.PutIndexAsync(name, RegistryFixture.OwnArchitecture, RegistryFixture.OtherArchitecture);

        var reports = new Reports();
        Assert.Equal(index, (await samples.Store.PullAsync(name, null, reports, Cancellation))?.ToString());
        Assert.NotEmpty(reports.All);
        var remote = await samples.Store.FindRemoteAsync(name, Cancellation);
        Assert.Equal((RemoteState.Present, index), (remote.State, remote.Digest?.ToString()));
        Assert.Contains(remote.Digest!, (await samples.Store.FindAsync(name, Cancellation))!.Digests);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Bytes_of_a_big_layer_are_counted_to_the_end(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(Testbed.Official, size: 60_000_000);
        await samples.Store.PushAsync(image, new Reports(), Cancellation);
        await samples.Store.UntagAsync(image, Cancellation);

        var reports = new Reports();
        await samples.Store.PullAsync(image, null, reports, Cancellation);
        var last = reports.All.Last(report => report.IsTransfer);
        Assert.Equal(last.TotalBytes, last.CurrentBytes);
        Assert.InRange(last.CurrentBytes, 60_000_000, 61_000_000);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Name_with_a_digest_is_pulled_by_it_whatever_the_tag_has_now(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        using var registry = new RegistryFixture();
        var name = samples.Name(Testbed.Official);
        var (first, _) = await registry.PutIndexAsync(name, RegistryFixture.OwnArchitecture);
        var (second, _) = await registry.PutIndexAsync(name, RegistryFixture.OwnArchitecture);

        var pinned = ImageName.Parse($"{name.FullName}@{first}");
        Assert.NotEqual(first, second);
        Assert.Equal(first, (await samples.Store.PullAsync(pinned, null, new Reports(), Cancellation))?.ToString());
        Assert.Null(await samples.Store.FindAsync(name, Cancellation));

        await samples.Store.TagAsync(pinned, name, Cancellation);
        Assert.Contains(pinned.ContentDigest!, (await samples.Store.FindAsync(name, Cancellation))!.Digests);
        await samples.Store.UntagAsync(pinned, Cancellation);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Tag_that_is_absent_is_not_found(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var name = samples.Name(Testbed.Official);
        Assert.Equal(RemoteImage.Absent, await samples.Store.FindRemoteAsync(name, Cancellation));
        await AssertPullFailsAsync(samples, name, CraneErrorId.ImageNotFound);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Digest_that_is_absent_is_not_found(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        using var registry = new RegistryFixture();
        var name = samples.Name(Testbed.Official);
        await registry.PutIndexAsync(name, RegistryFixture.OwnArchitecture);
        var pinned = ImageName.Parse($"{name.FullName}@sha256:{new string('1', 64)}");
        Assert.Equal(RemoteImage.Absent, await samples.Store.FindRemoteAsync(pinned, Cancellation));
        await AssertPullFailsAsync(samples, pinned, CraneErrorId.ImageNotFound);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Image_of_other_platforms_is_a_failed_pull_in_the_engines_words(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        using var registry = new RegistryFixture();
        var name = samples.Name(Testbed.Official);
        await registry.PutIndexAsync(name, RegistryFixture.OtherArchitecture);
        var error = await AssertPullFailsAsync(samples, name, CraneErrorId.PullFailed);
        Assert.Contains("no matching manifest", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Registry_that_is_down_is_unreachable_for_now(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var name = samples.Name("127.0.0.1:1");
        Assert.True((await AssertPullFailsAsync(samples, name, CraneErrorId.RegistryUnreachable)).IsTransient);
        var error = await Assert.ThrowsAsync<CraneException>(() => samples.Store.FindRemoteAsync(name, Cancellation));
        Assert.Equal((CraneErrorId.RegistryUnreachable, true), (error.Id, error.IsTransient));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Host_that_does_not_exist_is_unreachable_for_good(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var error = await AssertPullFailsAsync(samples, samples.Name("registry.invalid"), CraneErrorId.RegistryUnreachable);
        Assert.Contains("registry.invalid", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Testbed.ImageStoresAndBadPasswords), MemberType = typeof(Testbed))]
    public async Task Registry_that_requires_other_credentials_refuses(string imageStore, string? password)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore, password);
        var name = samples.Name(Testbed.Personal);
        var pull = await AssertPullFailsAsync(samples, name, CraneErrorId.RegistryUnauthorized);
        var resolve = await Assert.ThrowsAsync<CraneException>(() => samples.Store.FindRemoteAsync(name, Cancellation));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, resolve.Id);
        Assert.All([pull, resolve], error => Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Testbed.ImageStores), MemberType = typeof(Testbed))]
    public async Task Cancellation_ends_a_pull(string imageStore)
    {
        await using var samples = await SampleImages.OpenAsync(imageStore);
        var image = await samples.ImportAsync(Testbed.Official, size: 60_000_000);
        await samples.Store.PushAsync(image, new Reports(), Cancellation);
        await samples.Store.UntagAsync(image, Cancellation);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reports = new Reports(_ => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => samples.Store.PullAsync(image, null, reports, stop.Token));
    }

    private static async Task<CraneException> AssertPullFailsAsync(SampleImages samples, ImageName name, CraneErrorId id)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => samples.Store.PullAsync(name, null, new Reports(), Cancellation));
        Assert.Equal(id, error.Id);
        return error;
    }
}
