using System.Diagnostics;
using Crane.Adapters.Tests.Building;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

/// <summary>
/// Several stores on one folder are to each other what several processes are: the lock is one of open files. Where a second
/// process is needed, it is util-linux's flock, which takes the lock that .NET takes.
/// </summary>
public sealed class ManyProcessesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_that_are_added_concurrently_all_exist()
    {
        await using var layout = new Layout();
        var names = Enumerable.Range(0, 40).Select(number => $"company/os:{number}").ToList();
        var image = SampleImage.Make();

        await Task.WhenAll(names.Chunk(5).Select(chunk => Task.Run(async () => await image.WriteAsync(await layout.OpenAsync(), chunk))));

        Assert.Equal(names.Order(StringComparer.Ordinal), layout.RefNames().Order(StringComparer.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(layout.Folder, ".crane"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_blob_that_several_write_is_transferred_once()
    {
        await using var layout = new Layout();
        var content = new byte[1_000_000];
        new Random(1).NextBytes(content);
        var blob = Sample.Blob(content);
        var source = new WatchedSource(blob, content);

        var arrivals = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            await (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation))));

        Assert.Equal([0], source.Offsets);
        Assert.Single(arrivals, BlobWriteResult.Written);
        Assert.Equal(7, arrivals.Count(arrival => arrival == BlobWriteResult.Existed));
        Assert.Equal(content, await File.ReadAllBytesAsync(layout.BlobPath(blob.Digest), Cancellation));
    }

    [Fact]
    public async Task A_process_that_waits_for_a_blob_resumes_it_when_the_other_gives_up()
    {
        await using var layout = new Layout();
        var content = new byte[400_000];
        new Random(2).NextBytes(content);
        var blob = Sample.Blob(content);
        var (started, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, new BlobWrite(blob, async (_, _) =>
        {
            started.SetResult();
            await end.Task;
            return new MemoryStream(content[..300_000]);
        }), Cancellation);
        await started.Task.WaitAsync(Cancellation);
        var source = new WatchedSource(blob, content);
        var waiting = (await layout.OpenAsync()).WriteBlobAsync(Sample.Repository, source.Write, Cancellation);

        end.SetResult();

        await Assert.ThrowsAsync<CraneException>(() => slow);
        Assert.Equal(BlobWriteResult.Written, await waiting);
        Assert.Equal([300_000], source.Offsets);
    }

    [Fact]
    public async Task A_process_that_writes_nothing_for_long_but_lives_is_waited_for()
    {
        await using var layout = new Layout();
        // The holder gives its signs more often than the other one needs them: on a busy machine some come late.
        var timeout = TimeSpan.FromSeconds(3);
        var content = new byte[1000];
        var blob = Sample.Blob(content);
        var (started, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var slow = (await layout.OpenAsync(timeout / 3)).WriteBlobAsync(Sample.Repository, new BlobWrite(blob, async (_, _) =>
        {
            started.SetResult();
            await end.Task;
            return new MemoryStream(content);
        }), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        var waiting = (await layout.OpenAsync(timeout)).WriteBlobAsync(
            Sample.Repository, new WatchedSource(blob, content).Write, Cancellation);
        await Task.WhenAny(waiting, Task.Delay(1.3 * timeout, Cancellation));
        Assert.False(waiting.IsCompleted);
        end.SetResult();

        Assert.Equal((BlobWriteResult.Written, BlobWriteResult.Existed), (await slow, await waiting));
    }

    [Fact]
    public async Task Another_process_that_hangs_is_an_error_that_names_the_lock()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make();
        await image.WriteAsync(await layout.OpenAsync(), "company/os:1");
        var path = Path.Combine(layout.Folder, ".crane", "index.lock");
        using var holder = await HoldAsync(path);

        var store = await layout.OpenAsync(timeout: TimeSpan.FromMilliseconds(100));
        Assert.NotNull(await store.ResolveAsync(ImageName.Parse("company/os:1"), Cancellation));    // reading waits for nobody
        var error = await Assert.ThrowsAsync<CraneException>(() => image.WriteAsync(store, "company/os:2"));

        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.Contains("index.lock", error.Message, StringComparison.Ordinal);
        Assert.Contains("without a sign of life", error.Message, StringComparison.Ordinal);
        Assert.Equal(["company/os:1"], layout.RefNames());
    }

    [Fact]
    public async Task A_lock_ends_with_its_process_even_if_that_was_killed()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make();
        await image.WriteAsync(await layout.OpenAsync(), "company/os:1");
        using var holder = await HoldAsync(Path.Combine(layout.Folder, ".crane", "index.lock"));
        var waiting = image.WriteAsync(await layout.OpenAsync(), "company/os:2");
        Assert.False(waiting.IsCompleted);

        holder.Kill();

        await waiting;
        Assert.Equal(["company/os:1", "company/os:2"], layout.RefNames());
    }

    [Fact]
    public async Task Waiting_can_be_canceled()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make();
        await image.WriteAsync(await layout.OpenAsync(), "company/os:1");
        using var holder = await HoldAsync(Path.Combine(layout.Folder, ".crane", "index.lock"));
        using var stop = new CancellationTokenSource();
        var waiting = (await layout.OpenAsync()).WriteTagAsync(ImageName.Parse("company/os:2"), image.Manifest, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task An_index_that_another_program_is_writing_is_read_again()
    {
        await using var layout = new Layout();
        var image = SampleImage.Make();
        var store = await layout.OpenAsync();
        await image.WriteAsync(store, "company/os");
        var whole = await File.ReadAllBytesAsync(layout.Index, Cancellation);
        await File.WriteAllBytesAsync(layout.Index, whole[..20], Cancellation);

        var resolving = store.ResolveAsync(Sample.Repository, Cancellation);
        await File.WriteAllBytesAsync(layout.Index, whole, Cancellation);

        Assert.Equal(image.Digest, (await resolving)?.Digest);
    }

    /// <summary>A process that has the file locked, until it ends.</summary>
    private static async Task<HeldLock> HoldAsync(string path)
    {
        await Shell.RunAsync("/", "flock", "--version");
        var process = Process.Start(new ProcessStartInfo("flock", ["--exclusive", "--no-fork", path, "sh", "-c", "echo locked; exec sleep 600"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await process.StandardOutput.ReadLineAsync(Cancellation));
        return new HeldLock(process);
    }

    private sealed class HeldLock(Process process) : IDisposable
    {
        public void Kill() => process.Kill(entireProcessTree: true);

        public void Dispose()
        {
            Kill();
            process.Dispose();
        }
    }
}
