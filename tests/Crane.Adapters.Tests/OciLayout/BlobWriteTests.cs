using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class BlobWriteTests
{
    private static readonly byte[] Content = Sample.Bytes(string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number},")));
    private static readonly Descriptor Blob = Sample.Blob(Content);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(3_000_000)]
    public async Task A_blob_of_any_size_is_written_under_its_digest(int size)
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var content = new byte[size];
        new Random(size).NextBytes(content);
        var blob = Sample.Blob(content);

        Assert.False(await store.HasBlobAsync(Sample.Repository, blob, Cancellation));
        Assert.Equal(BlobWriteResult.Written, await store.WriteBlobAsync(Sample.Repository, Sample.Write(blob, content), Cancellation));
        Assert.True(await store.HasBlobAsync(Sample.Repository, blob, Cancellation));
        Assert.Equal(content, await File.ReadAllBytesAsync(layout.BlobPath(blob.Digest), Cancellation));
        Assert.False(File.Exists(layout.PartialPath(blob.Digest)));
    }

    [Fact]
    public async Task A_blob_with_a_digest_of_another_algorithm_goes_into_that_one_s_folder()
    {
        await using var layout = new Layout();
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA512.HashData(Content)).ToLowerInvariant();
        Assert.True(Digest.TryParse($"sha512:{hash}", out var digest));

        await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, Sample.Write(Blob with { Digest = digest }, Content), Cancellation);

        Assert.True(File.Exists(Path.Combine(layout.Folder, "blobs", "sha512", hash)));
    }

    [Fact]
    public async Task An_existing_blob_is_not_requested()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        await store.WriteBlobAsync(Sample.Repository, Sample.Write(Blob, Content), Cancellation);

        var arrival = await store.WriteBlobAsync(
            Sample.Repository, new BlobWrite(Blob, (_, _) => throw new InvalidOperationException("It was asked for.")), Cancellation);

        Assert.Equal(BlobWriteResult.Existed, arrival);
    }

    [Fact]
    public async Task A_truncated_blob_is_written_again()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        await store.WriteBlobAsync(Sample.Repository, Sample.Write(Blob, Content), Cancellation);
        await File.WriteAllBytesAsync(layout.BlobPath(Blob.Digest), Content[..10], Cancellation);
        Assert.False(await store.HasBlobAsync(Sample.Repository, Blob, Cancellation));

        Assert.Equal(BlobWriteResult.Written, await store.WriteBlobAsync(Sample.Repository, Sample.Write(Blob, Content), Cancellation));

        Assert.Equal(Content, await File.ReadAllBytesAsync(layout.BlobPath(Blob.Digest), Cancellation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task A_source_that_ends_early_is_a_transient_error_and_the_next_write_resumes(int arrived)
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();

        var error = await Assert.ThrowsAsync<CraneException>(
            () => store.WriteBlobAsync(Sample.Repository, Sample.Write(Blob, Content[..arrived]), Cancellation));
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.True(error.IsTransient);
        Assert.Contains($"after {arrived} of {Content.Length} bytes", error.Message, StringComparison.Ordinal);
        Assert.False(await store.HasBlobAsync(Sample.Repository, Blob, Cancellation));
        Assert.False(File.Exists(layout.BlobPath(Blob.Digest)));

        // Another process, as it were.
        var source = new WatchedSource(Blob, Content);
        await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation);
        Assert.Equal([arrived], source.Offsets);
        Assert.Equal(Content, await File.ReadAllBytesAsync(layout.BlobPath(Blob.Digest), Cancellation));
    }

    [Fact]
    public async Task The_error_of_a_source_is_kept_and_so_is_what_came_before()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var broken = new CraneException(CraneErrorId.RegistryUnreachable, "It was reset.");

        var error = await Assert.ThrowsAsync<CraneException>(() => store.WriteBlobAsync(
            Sample.Repository, new BlobWrite(Blob, (_, _) => Task.FromResult<Stream>(new BrokenStream(Content[..200_000], broken))), Cancellation));

        Assert.Same(broken, error);
        var source = new WatchedSource(Blob, Content);
        await store.WriteBlobAsync(Sample.Repository, source.Write, Cancellation);
        Assert.InRange(source.Offsets.Single(), 100_000, 200_000);
    }

    [Fact]
    public async Task A_canceled_write_is_resumed()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        using var stop = new CancellationTokenSource();
        var stopped = new OperationCanceledException(stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteBlobAsync(
            Sample.Repository, new BlobWrite(Blob, (_, _) => Task.FromResult<Stream>(new BrokenStream(Content[..200_000], stopped))), stop.Token));

        var source = new WatchedSource(Blob, Content);
        await store.WriteBlobAsync(Sample.Repository, source.Write, Cancellation);
        Assert.NotEqual([0], source.Offsets);
    }

    [Fact]
    public async Task Other_content_is_a_mismatch_and_leaves_nothing()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var wrong = Content.ToArray();
        wrong[^1]++;
        var source = new WatchedSource(Blob, wrong);

        var error = await Assert.ThrowsAsync<CraneException>(() => store.WriteBlobAsync(Sample.Repository, source.Write, Cancellation));

        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.False(error.IsTransient);
        Assert.Contains(Blob.Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("'company/os'", error.Message, StringComparison.Ordinal);
        Assert.Equal([0], source.Offsets);
        Assert.Equal(["index.json", "oci-layout"], layout.Files());
    }

    [Fact]
    public async Task A_source_that_has_more_than_the_blob_is_a_mismatch()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();

        var error = await Assert.ThrowsAsync<CraneException>(
            () => store.WriteBlobAsync(Sample.Repository, Sample.Write(Blob, [.. Content, 0]), Cancellation));

        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.Equal(["index.json", "oci-layout"], layout.Files());
    }

    [Fact]
    public async Task An_endless_source_is_not_read_forever()
    {
        await using var layout = new Layout();
        var error = await Assert.ThrowsAsync<CraneException>(async () => await (await layout.OpenAsync()).WriteBlobAsync(
            Sample.Repository, new BlobWrite(Blob, (_, _) => Task.FromResult<Stream>(new EndlessStream())), Cancellation));
        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
    }

    [Fact]
    public async Task A_damaged_partial_blob_is_started_again_once()
    {
        await using var layout = new Layout();
        layout.WritePartial(Blob.Digest, new byte[1000]);
        var source = new WatchedSource(Blob, Content);

        Assert.Equal(BlobWriteResult.Written, await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation));

        Assert.Equal([1000, 0], source.Offsets);
        Assert.Equal(Content, await File.ReadAllBytesAsync(layout.BlobPath(Blob.Digest), Cancellation));
    }

    [Fact]
    public async Task A_damaged_partial_blob_of_a_wrong_source_is_a_mismatch_after_a_retry()
    {
        await using var layout = new Layout();
        layout.WritePartial(Blob.Digest, new byte[1000]);
        var source = new WatchedSource(Blob, new byte[Content.Length]);

        var error = await Assert.ThrowsAsync<CraneException>(
            async () => await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation));

        Assert.Equal(CraneErrorId.DigestMismatch, error.Id);
        Assert.Equal([1000, 0], source.Offsets);
        Assert.False(File.Exists(layout.PartialPath(Blob.Digest)));
    }

    [Fact]
    public async Task A_partial_blob_that_is_longer_than_the_blob_is_ignored()
    {
        await using var layout = new Layout();
        layout.WritePartial(Blob.Digest, [.. Content, 0]);
        var source = new WatchedSource(Blob, Content);

        await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation);

        Assert.Equal([0], source.Offsets);
        Assert.Equal(Content.Length, new FileInfo(layout.BlobPath(Blob.Digest)).Length);
    }

    [Fact]
    public async Task A_complete_partial_blob_needs_no_source()
    {
        await using var layout = new Layout();
        layout.WritePartial(Blob.Digest, Content);
        var source = new WatchedSource(Blob, Content);

        await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation);

        Assert.Empty(source.Offsets);
        Assert.True(File.Exists(layout.BlobPath(Blob.Digest)));
    }

    [Fact]
    public async Task A_partial_blob_that_is_long_enough_but_wrong_is_started_again()
    {
        await using var layout = new Layout();
        layout.WritePartial(Blob.Digest, new byte[Content.Length]);
        var source = new WatchedSource(Blob, Content);

        await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation);

        Assert.Equal([0], source.Offsets);
        Assert.Equal(Content, await File.ReadAllBytesAsync(layout.BlobPath(Blob.Digest), Cancellation));
    }
}
