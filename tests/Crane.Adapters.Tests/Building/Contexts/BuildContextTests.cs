using System.Formats.Tar;
using System.Globalization;
using System.Net.Sockets;
using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>The archive that is sent, read back.</summary>
public sealed class BuildContextTests : IDisposable
{
    private static readonly DateTime Time = new(2020, 2, 29, 12, 30, 15, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Content_is_sent()
    {
        var context = Context.Of(_folder, null, "a/b.txt", "empty");
        _folder.Write("empty", "");
        _folder.Write("large", new string('x', 1_000_000));

        Assert.Equal("a/b.txt", await Context.ContentAsync(context, "a/b.txt"));
        Assert.Equal(1_000_000, (await Context.ContentAsync(context, "large")).Length);
        Assert.Equal(0, (await Context.EntriesAsync(context)).Single(entry => entry.Name == "empty").Length);
    }

    [Theory]
    [InlineData("run.sh", "755")]
    [InlineData("private", "600")]
    [InlineData("setuid", "4755")]
    [InlineData("sticky", "1777")]
    public async Task Modes_and_times_are_kept_and_root_owns_all(string name, string mode)
    {
        var context = Context.Of(_folder, null, name, "folder/x");
        var path = Path.Join(_folder.Path, name);
        await Shell.RunAsync(_folder.Path, "chmod", mode, name);
        await Shell.RunAsync(_folder.Path, "chmod", "700", "folder");
        File.SetLastWriteTimeUtc(path, Time);
        Directory.SetLastWriteTimeUtc(Path.Join(_folder.Path, "folder"), Time.AddDays(1));

        var entries = (await Context.EntriesAsync(context)).ToDictionary(entry => entry.Name);

        Assert.Equal((TarEntryType.RegularFile, mode), (entries[name].EntryType, Octal(entries[name].Mode)));
        Assert.Equal(Time, entries[name].ModificationTime.UtcDateTime);
        Assert.Equal((TarEntryType.Directory, "700"), (entries["folder/"].EntryType, Octal(entries["folder/"].Mode)));
        Assert.Equal(Time.AddDays(1), entries["folder/"].ModificationTime.UtcDateTime);
        Assert.All(entries.Values, entry => Assert.Equal((0, 0), (entry.Uid, entry.Gid)));
        Assert.All(entries.Values.Cast<PosixTarEntry>(), entry => Assert.Equal(("", ""), (entry.UserName, entry.GroupName)));
    }

    [Fact]
    public async Task Time_before_1970_is_sent_as_1970()
    {
        var context = Context.Of(_folder, null, "old", "far");
        File.SetLastWriteTimeUtc(Path.Join(_folder.Path, "old"), new DateTime(1960, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(Path.Join(_folder.Path, "far"), new DateTime(2300, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var entries = (await Context.EntriesAsync(context)).ToDictionary(entry => entry.Name);

        Assert.Equal(DateTimeOffset.UnixEpoch, entries["old"].ModificationTime);
        Assert.Equal(2300, entries["far"].ModificationTime.Year);
    }

    [Theory]
    [InlineData("a.txt")]
    [InlineData("missing/../x")]
    [InlineData("/etc/passwd")]
    [InlineData("../../outside")]
    [InlineData("link")]
    public async Task Links_are_sent_as_they_are(string target)
    {
        var context = Context.Of(_folder, null, "a.txt");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "link"), target);

        var link = (await Context.EntriesAsync(context)).Single(entry => entry.Name == "link");

        Assert.Equal((TarEntryType.SymbolicLink, target, 0L), (link.EntryType, link.LinkName, link.Length));
    }

    [Fact]
    public async Task Hard_links_are_separate_files()
    {
        var context = Context.Of(_folder, null, "a");
        await Shell.RunAsync(_folder.Path, "ln", "a", "b");

        var entries = (await Context.EntriesAsync(context)).Where(entry => entry.Name is "a" or "b");

        Assert.All(entries, entry => Assert.Equal((TarEntryType.RegularFile, 1L), (entry.EntryType, entry.Length)));
    }

    // GNU's header has no room for its length, which Go's reader would take for another.
    [Fact]
    public async Task File_of_more_than_8_GB_has_its_length()
    {
        _folder.Write("large", "");
        await using (var large = File.OpenWrite(Path.Join(_folder.Path, "large")))
            large.SetLength(9L << 30);

        await using var sent = SentEntry.Open(new ContextEntry("large", Path.Join(_folder.Path, "large")));

        Assert.Equal((TarEntryFormat.Pax, 9L << 30), (sent!.Header.Format, sent.Header.DataStream!.Length));
    }

    [Theory]
    [InlineData("ünï-文字-😀")]
    [InlineData(@"back\slash")]
    [InlineData("line\nfeed")]
    [InlineData(" spaces ")]
    public async Task Any_name_is_sent(string name)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows does not know such names.");
        using var unpacked = new TemporaryFolder();
        await Context.WriteAsync(Context.Of(_folder, null, name), Path.Join(unpacked.Path, "context.tar"));

        await Shell.RunAsync(unpacked.Path, "tar", "-xf", "context.tar");

        Assert.Equal(name, await File.ReadAllTextAsync(Path.Join(unpacked.Path, name), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Long_names_are_sent()
    {
        var name = string.Join('/', Enumerable.Repeat(new string('n', 120), 5));
        var context = Context.Of(_folder, null, name);
        File.CreateSymbolicLink(Path.Join(_folder.Path, "link"), name);

        Assert.Equal(name, await Context.ContentAsync(context, name));
        Assert.Equal(name, (await Context.EntriesAsync(context)).Single(entry => entry.Name == "link").LinkName);
    }

    [Fact]
    public async Task Pipes_are_sent_unopened_and_sockets_skipped_with_a_warning()
    {
        var context = Context.Of(_folder, null, "a");
        await Shell.RunAsync(_folder.Path, "mkfifo", "pipe");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Join(_folder.Path, "socket")));
        var warnings = new List<string>();

        var entries = await Context.EntriesAsync(context, warnings.Add);

        Assert.Equal(["Dockerfile", "a", "pipe"], entries.Select(entry => entry.Name));
        Assert.Equal(TarEntryType.Fifo, entries[2].EntryType);
        Assert.Contains($"'{_folder.Path}/socket' is a socket", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_is_the_same_each_time()
    {
        var context = Context.Of(_folder, "x\n", "a/b", "c", "x");

        Assert.Equal(await Context.BytesAsync(context), await Context.BytesAsync(context));
    }

    [Fact]
    public async Task Tar_reads_it()
    {
        var context = Context.Of(_folder, null, "dir/run.sh", "ö");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "link"), "../out");
        await Shell.RunAsync(_folder.Path, "chmod", "755", "dir/run.sh", "dir");
        await Shell.RunAsync(_folder.Path, "chmod", "644", "ö", "Dockerfile");
        foreach (var name in new[] { "dir/run.sh", "dir", "ö", "Dockerfile" })
            Directory.SetLastWriteTimeUtc(Path.Join(_folder.Path, name), Time);
        await Shell.RunAsync(_folder.Path, "touch", "-h", "-d", Time.ToString("o", CultureInfo.InvariantCulture), "link");
        using var archive = new TemporaryFolder();
        await Context.WriteAsync(context, Path.Join(archive.Path, "context.tar"));

        var listing = await Shell.RunAsync(
            archive.Path, "tar", "--numeric-owner", "--quoting-style=literal", "-tvf", "context.tar");

        Assert.Equal(
            """
            -rw-r--r-- 0/0              13 2020-02-29 12:30 Dockerfile
            drwxr-xr-x 0/0               0 2020-02-29 12:30 dir/
            -rwxr-xr-x 0/0              10 2020-02-29 12:30 dir/run.sh
            lrwxrwxrwx 0/0               0 2020-02-29 12:30 link -> ../out
            -rw-r--r-- 0/0               2 2020-02-29 12:30 ö

            """,
            listing);
    }

    [Fact]
    public async Task Large_file_is_sent_in_small_pieces()
    {
        var context = Context.Of(_folder, null);
        await using (var large = File.Create(Path.Join(_folder.Path, "large")))
            large.SetLength(200 * 1024 * 1024);
        using var output = new WatchedStream();

        await context.WriteToAsync(output, null, TestContext.Current.CancellationToken);

        Assert.True(output.Written > 200 * 1024 * 1024);
        Assert.InRange(output.LargestWrite, 1, 1024 * 1024);
    }

    [Fact]
    public async Task Sending_can_be_canceled_within_a_file()
    {
        var context = Context.Of(_folder, null);
        await using (var large = File.Create(Path.Join(_folder.Path, "large")))
            large.SetLength(1024L * 1024 * 1024);
        using var cancellation = new CancellationTokenSource();
        using var output = new WatchedStream(cancellation.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => context.WriteToAsync(output, null, cancellation.Token));

        Assert.InRange(output.Written, 1, 1024 * 1024);
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
