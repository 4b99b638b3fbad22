using Crane.Adapters.OciLayout;
using Crane.Oci;

namespace Crane.Adapters.Tests.OciLayout;

public sealed class StorageErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_disk_without_space_for_the_blob_is_an_error_before_anything_is_transferred()
    {
        await using var layout = new Layout();
        using var disk = SmallDisk.Mount(layout.Folder);
        var store = await layout.OpenAsync();
        var content = new byte[1_000_000];
        var source = new WatchedSource(Sample.Blob(content), content);

        var error = await Assert.ThrowsAsync<CraneException>(() => store.WriteBlobAsync(Sample.Repository, source.Write, Cancellation));

        AssertNotWritten(error, layout.Folder, "no space left");
        Assert.Empty(source.Offsets);
        Assert.Equal(["index.json", "oci-layout"], layout.Files());
    }

    [Fact]
    public async Task A_disk_that_fills_up_during_a_write_gets_its_space_back()
    {
        await using var layout = new Layout();
        using var disk = SmallDisk.Mount(layout.Folder);
        var store = await layout.OpenAsync();
        var content = new byte[200_000];
        new Random(1).NextBytes(content);
        var blob = Sample.Blob(content);
        var others = Path.Combine(layout.Folder, "others");
        var source = new BlobWrite(blob, async (_, _) =>
        {
            await File.WriteAllBytesAsync(others, new byte[150_000], Cancellation);
            return new MemoryStream(content);
        });

        var error = await Assert.ThrowsAsync<CraneException>(() => store.WriteBlobAsync(Sample.Repository, source, Cancellation));

        AssertNotWritten(error, layout.Folder, "no space left");
        Assert.Equal(["index.json", "oci-layout", "others"], layout.Files());
        Assert.InRange(new DriveInfo(layout.Folder).AvailableFreeSpace, 50_000, 256_000);
    }

    [Fact]
    public async Task The_size_in_a_manifest_reserves_no_space()
    {
        await using var layout = new Layout();
        var store = await layout.OpenAsync();
        var blob = Sample.Blob(new byte[10]) with { Size = 64 * 1024 * 1024 };
        layout.WriteEntries();
        var before = new DriveInfo(layout.Folder).AvailableFreeSpace;

        await Assert.ThrowsAsync<CraneException>(() => store.WriteBlobAsync(
            Sample.Repository, new BlobWrite(blob, (_, _) => throw new CraneException(CraneErrorId.ImageNotFound, "There is none.")), Cancellation));
        await Assert.ThrowsAsync<CraneException>(
            () => store.WriteBlobAsync(Sample.Repository, Sample.Write(blob, new byte[10]), Cancellation));

        Assert.Equal(10, new FileInfo(layout.PartialPath(blob.Digest)).Length);
        Assert.InRange(before - new DriveInfo(layout.Folder).AvailableFreeSpace, long.MinValue, 32 * 1024 * 1024);
    }

    [Fact]
    public async Task A_read_only_file_system_is_an_error()
    {
        await using var layout = new Layout();
        using var disk = SmallDisk.Mount(layout.Folder);
        var image = SampleImage.Make();
        await image.WriteAsync(await layout.OpenAsync(), "company/os:1");
        disk.MakeReadOnly();

        var store = await layout.OpenAsync();
        Assert.Equal(image.Digest, (await store.ResolveAsync(ImageName.Parse("company/os:1"), Cancellation))?.Digest);
        AssertNotWritten(
            await Assert.ThrowsAsync<CraneException>(() => image.WriteAsync(store, "company/os:2")),
            layout.Folder, "its file system is read-only");
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_an_error()
    {
        await using var layout = new Layout();
        var folder = Forbidden(layout.Folder);
        var error = await Assert.ThrowsAsync<CraneException>(async () =>
        {
            await using var store = await LayoutStore.OpenAsync(folder, Cancellation);
            await SampleImage.Make().WriteAsync(store, "company/os");
        });
        AssertNotWritten(error, folder, folder.StartsWith("/sys", StringComparison.Ordinal) && IsReadOnly("/sys") ? "read-only" : "permission denied");
    }

    [Fact]
    public async Task A_folder_whose_path_is_too_long_is_not_a_store()
    {
        using var parent = new TemporaryFolder();
        var folder = Path.Combine(parent.Path, new string('a', 300));

        var error = await Assert.ThrowsAsync<CraneException>(() => LayoutStore.OpenAsync(folder, Cancellation));

        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains(parent.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_path_that_is_too_long_is_an_error_when_it_is_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The longest path of Linux is known.");
        using var parent = new TemporaryFolder();
        var folder = parent.Path;
        while (folder.Length < 4050)
            folder = Path.Combine(folder, new string('a', Math.Min(200, 4050 - folder.Length)));
        await using var store = await LayoutStore.OpenAsync(folder, Cancellation);

        AssertNotWritten(
            await Assert.ThrowsAsync<CraneException>(() => SampleImage.Make().WriteAsync(store, "company/os")),
            parent.Path, "the path is too long");
    }

    [Fact]
    public async Task A_file_instead_of_a_folder_is_an_error_and_stays()
    {
        await using var layout = new Layout();
        layout.WriteEntries();
        var path = layout.Write("blobs", "mine");

        var error = await Assert.ThrowsAsync<CraneException>(async () => await SampleImage.Make().WriteAsync(await layout.OpenAsync(), "company/os"));

        AssertNotWritten(error, path, "could not be written");
        Assert.Equal("mine", await File.ReadAllTextAsync(path, Cancellation));
        Assert.Empty(layout.Entries());
    }

    [Fact]
    public async Task A_folder_instead_of_a_blob_is_an_error()
    {
        await using var layout = new Layout();
        layout.WriteEntries();
        var store = await layout.OpenAsync();
        var image = SampleImage.Make();
        var blob = image.Blobs.First();
        Directory.CreateDirectory(Path.Combine(layout.BlobPath(blob.Digest), "folder"));

        var write = await Assert.ThrowsAsync<CraneException>(() => image.WriteAsync(store, "company/os"));
        var read = await Assert.ThrowsAsync<CraneException>(() => store.OpenBlobAsync(Sample.Repository, blob, 0, Cancellation));

        Assert.Equal(CraneErrorId.PullFailed, write.Id);
        Assert.Equal(CraneErrorId.PullFailed, read.Id);
    }

    [Theory]
    [InlineData(28)]                                    // Linux: no space
    [InlineData(122)]                                   // Linux: quota
    [InlineData(unchecked((int)0x80070070))]            // Windows
    public void All_system_errors_for_a_full_disk_are_recognized(int code) =>
        AssertNotWritten(Storage.NotWritten("/srv/images/x", new IOException("…", code)), "/srv/images/x", "no space left");

    [Fact]
    public void A_forbidden_path_is_permission_denied() =>
        AssertNotWritten(Storage.NotWritten("/srv/images/x", new UnauthorizedAccessException()), "/srv/images/x", "permission denied");

    // Root may write wherever there is something to write to: the kernel's own file system takes no folders from anybody.
    private static string Forbidden(string folder)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The test forbids a folder as Unix does.");
        if (Environment.IsPrivilegedProcess)
            return "/sys/crane-layout";
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return folder;
    }

    // As it is within many containers.
    private static bool IsReadOnly(string mountPoint) => File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
        .Any(mount => mount[1] == mountPoint && mount[3].Split(',').Contains("ro"));

    private static void AssertNotWritten(CraneException error, string path, string why)
    {
        Assert.Equal(CraneErrorId.PullFailed, error.Id);
        Assert.False(error.IsTransient);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RecommendedAction);
    }
}
