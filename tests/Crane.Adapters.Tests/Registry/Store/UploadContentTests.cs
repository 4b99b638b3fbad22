using Crane.Adapters.Registry;
using Crane.Oci;

namespace Crane.Adapters.Tests.Registry.Store;

/// <summary>The body of an upload, which may be of any size.</summary>
public sealed class UploadContentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_than_a_buffer_is_read_ahead()
    {
        var blob = new SampleBlob(5_000_000);
        using var stream = new MemoryStream(blob.Bytes);
        await using var source = new UploadSource(new BlobWrite(blob.Descriptor, async (_, _) =>
        {
            await Task.Yield();
            return stream;
        }));
        using var content = new UploadContent(source, 0, blob.Bytes.Length, CancellationToken.None);
        await using var target = new Meter(stream);
        await content.CopyToAsync(target, Cancellation);
        Assert.Equal(blob.Bytes, target.ToArray());
        Assert.Equal(blob.Bytes.Length, content.Headers.ContentLength);
        Assert.InRange(target.MostAhead, 1, 256 * 1024);
    }

    [Fact]
    public async Task Copy_ends_when_the_request_has_ended()
    {
        var blob = new SampleBlob();
        using var stop = new CancellationTokenSource();
        await using var source = new UploadSource(new BlobWrite(blob.Descriptor, async (_, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return Stream.Null;
        }));
        using var content = new UploadContent(source, 0, blob.Bytes.Length, stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.CopyToAsync(Stream.Null, Cancellation));
        await source.IdleAsync();
        Assert.Null(source.Failure);
    }

    [Fact]
    public async Task The_next_part_is_read_on_and_any_other_is_opened()
    {
        var blob = new SampleBlob(1_000);
        await using var source = new UploadSource(blob.Write);
        using var target = new MemoryStream();
        await source.CopyAsync(0, 400, target, Cancellation);
        await source.CopyAsync(400, 100, target, Cancellation);
        await source.CopyAsync(300, 700, target, Cancellation);
        Assert.Equal([0, 300], blob.Opened);
        Assert.Equal([.. blob.Bytes[..500], .. blob.Bytes[300..]], target.ToArray());
    }

    /// <summary>Notes how far a stream is read ahead of what has come in here.</summary>
    private sealed class Meter(Stream source) : MemoryStream
    {
        public long MostAhead { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MostAhead = Math.Max(MostAhead, source.Position - Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
