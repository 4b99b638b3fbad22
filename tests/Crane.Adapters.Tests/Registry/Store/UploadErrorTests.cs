using Crane.Adapters.Registry.Http;
using Crane.Oci;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>Uploads to a registry behind a proxy that lets things go wrong.</summary>
public sealed class UploadErrorTests : IAsyncLifetime
{
    private const int Size = 3_000_000;

    private static readonly RegistryTimeouts ShortTimeouts = new()
    {
        Stall = TimeSpan.FromSeconds(1),
        Read = TimeSpan.FromSeconds(1),
        Write = TimeSpan.FromSeconds(1),
    };

    private readonly SampleBlob _blob = new(Size);
    private TestRegistry _registry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Upload_resumes_after_a_reset()
    {
        await UploadAsync(new Fault("PUT", "*/blobs/uploads/*", UploadFault.ResetAfter(2_000_000)));
        Assert.Equal(2, _blob.Opened.Count);

        // What the registry had not read yet when the connection broke, it may have thrown away: all of it, at worst.
        Assert.InRange(_blob.Opened[1], 0, 2_000_000);
        Assert.Equal(_blob.Opened[1] > 0, _registry.Requests.Like("PATCH", "*").Count > 0);
    }

    [Fact]
    public async Task Upload_resumes_again_after_a_second_reset()
    {
        // Which of the two it is depends on whether the registry has kept something.
        var (whole, rest) = (UploadFault.ResetAfter(1_000_000), UploadFault.ResetAfter(1_000_000));
        Fault[] faults = [new("PUT", "*/blobs/uploads/*", whole) { Times = 2 }, new("PATCH", "*/blobs/uploads/*", rest)];
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, faults);
        await using var open = new OpenStore();
        await open.Store.WriteBlobAsync(ImageName.Parse($"{proxy.Host}/a/b:1"), _blob.Write, Cancellation);
        Assert.InRange(faults.Sum(fault => fault.Strikes), 2, 3);
        Assert.Equal(faults.Sum(fault => fault.Strikes) + 1, _blob.Opened.Count);
    }

    [Fact]
    public async Task Lost_upload_session_begins_again()
    {
        await UploadAsync(new Fault("PUT", "*/blobs/uploads/*", UploadFault.LoseSession()));
        Assert.All(_blob.Opened, offset => Assert.Equal(0, offset));
        Assert.Equal(2, _registry.Requests.Like("POST", "*").Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Busy_registry_is_waited_for(int status) =>
        await UploadAsync(new Fault("PUT", "*/blobs/uploads/*", ResponseFault.RetryAfter(status, 1)) { Times = 2 });

    [Fact]
    public async Task Bursts_of_errors_are_survived() =>
        await UploadAsync(new Fault("*", "*", ResponseFault.Status(500)) { Times = 4 });

    [Fact]
    public async Task Stalled_upload_resumes() => await UploadAsync(
        ShortTimeouts,
        new Fault("PUT", "*/blobs/uploads/*", UploadFault.StallAfter(500_000)));

    [Fact]
    public async Task Refused_mount_uploads()
    {
        var fault = new Fault("POST", "*mount=*", UploadFault.RefuseMount());
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, fault);
        await using var open = new OpenStore();
        var from = ImageName.Parse($"{proxy.Host}/other");
        await open.Store.WriteBlobAsync(from, _blob.Write, Cancellation);
        var to = ImageName.Parse($"{proxy.Host}/a/b");
        var refused = await open.Store.MountBlobAsync(to, _blob.Descriptor, from, Cancellation);
        Assert.Equal(BlobWriteResult.Written, await open.Store.WriteBlobAsync(to, _blob.Write with { Upload = refused.Upload }, Cancellation));
        var taken = await open.Store.MountBlobAsync(ImageName.Parse($"{proxy.Host}/c"), _blob.Descriptor, from, Cancellation);
        Assert.Equal(BlobWriteResult.Mounted, taken.Result);
        Assert.Equal(1, fault.Strikes);
    }

    [Theory]
    [InlineData(999_999, false)]
    [InlineData(1_000_000, true)]
    public async Task Only_a_large_body_waits_for_100_Continue(int size, bool waits)
    {
        var blob = new SampleBlob(size);
        await using var open = new OpenStore();
        await open.Store.WriteBlobAsync(ImageName.Parse($"{_registry.Host}/a/b"), blob.Write, Cancellation);
        Assert.Equal(waits, _registry.Requests.Like("PUT", "*").Single().Headers.ContainsKey("Expect"));
    }

    [Fact]
    public async Task Error_of_the_source_in_mid_upload_is_thrown_as_it_is()
    {
        var gone = new CraneException(CraneErrorId.RegistryUnreachable, "The source is gone.") { IsTransient = true };
        await using var open = new OpenStore();
        var write = new BlobWrite(_blob.Descriptor, (_, _) => Task.FromResult<Stream>(new FailingStream(_blob.Bytes[..1_000_000], gone)));
        var error = await Assert.ThrowsAsync<CraneException>(
            () => open.Store.WriteBlobAsync(ImageName.Parse($"{_registry.Host}/a/b"), write, Cancellation));
        Assert.Same(gone, error);
        Assert.Single(_registry.Requests.Like("PUT", "*"));
    }

    private Task UploadAsync(params Fault[] faults) => UploadAsync(new RegistryTimeouts(), faults);

    private async Task UploadAsync(RegistryTimeouts timeouts, params Fault[] faults)
    {
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, faults);
        await using var open = new OpenStore(timeouts);
        var image = ImageName.Parse($"{proxy.Host}/a/b:1");
        Assert.Equal(BlobWriteResult.Written, await open.Store.WriteBlobAsync(image, _blob.Write, Cancellation));
        Assert.All(faults, fault => Assert.True(fault.Strikes > 0));

        await using var stream = await open.Store.OpenBlobAsync(image, _blob.Descriptor, 0, Cancellation);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        Assert.Equal(_blob.Bytes, read.ToArray());
    }

    private sealed class FailingStream(byte[] bytes, Exception error) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw error;
    }
}
