using Crane.Adapters.Contexts;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Tests.Building.Inputs;

/// <summary>A context is read, changed in one way and read again, with and without what is known of the first time.</summary>
public sealed class ContextReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SettableTime _clock = new();

    public ContextReaderTests()
    {
        _folder.Write("Dockerfile", "FROM scratch\n");
        _folder.Write(".dockerignore", "*.log\n");
        _folder.Write("bin/run", "echo one\n");
        _folder.Write("file", "one\n");
        _folder.Write("noise.log", "ignored\n");
        File.CreateSymbolicLink(Path("link"), "file");
        Directory.CreateDirectory(Path("empty"));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "an edited file", "file changed" },
        { "an edited file of the same size and time", "file changed" },
        { "a file in the place of another", "file changed" },
        { "a renamed file", "other added, and 1 more" },
        { "a file that may be run", "file changed" },
        { "a file that only its owner may read", "file changed" },
        { "a folder that others may not enter", "bin changed" },
        { "a new file", "bin/new added" },
        { "a new empty folder", "void added" },
        { "a file that is gone", "bin/run removed" },
        { "a link that leads elsewhere", "link changed" },
        { "a link in the place of a file", "file changed" },
        { "an ignore file that leaves out more", ".dockerignore changed, and 1 more" },
        { "a pipe", "pipe added" },
    };

    public static TheoryData<string> NoChanges =>
        ["nothing", "another time", "an ignored file", "a new ignored file", "another umask", "the same content again", "a moved context"];

    public void Dispose()
    {
        _folder.Dispose();
        foreach (var other in Directory.GetParent(_folder.Path)!.GetFileSystemInfos($"{System.IO.Path.GetFileName(_folder.Path)}-*"))
        {
            if (other is DirectoryInfo moved)
                moved.Delete(recursive: true);
            else
                other.Delete();
        }
    }

    [Theory, MemberData(nameof(Changes))]
    public async Task A_change_is_found_and_reported(string change, string told)
    {
        var before = await ReadLaterAsync();
        await ChangeAsync(change);
        var after = await ReadAsync();
        Assert.NotEqual(before.Hash, after.Hash);
        Assert.Equal(before.Dockerfile, after.Dockerfile);
        Assert.Equal(told, after.ChangeSince(before, ""));
        Assert.Equal(after.Hash, (await ReadAsync(before)).Hash);
    }

    [Theory, MemberData(nameof(NoChanges))]
    public async Task What_makes_no_difference_to_the_image_is_no_change(string change)
    {
        var before = await ReadLaterAsync();
        var folder = await ChangeAsync(change);
        Assert.Equal(before.Hash, (await ReadAsync(null, folder)).Hash);
        Assert.Equal(before.Hash, (await ReadAsync(before, folder)).Hash);
    }

    [Fact]
    public async Task The_Dockerfile_is_a_part_of_its_own()
    {
        var before = await ReadAsync();
        _folder.Write("Dockerfile", "FROM scratch\nCOPY . /\n");
        var after = await ReadAsync(before);
        Assert.Equal(before.Hash, after.Hash);
        Assert.NotEqual(before.Dockerfile, after.Dockerfile);
    }

    [Fact]
    public async Task What_has_not_changed_recently_is_not_read_again()
    {
        var before = await ReadLaterAsync();
        var known = before.Find("file")!;
        Assert.NotNull(known.Stamp);
        Assert.Same(known, (await ReadAsync(before)).Find("file"));
    }

    [Fact]
    public async Task What_was_changed_just_before_it_was_read_is_read_again()
    {
        Assert.Null((await ReadAsync()).Find("file")!.Stamp);
    }

    [Fact]
    public async Task A_socket_is_skipped_as_when_sent()
    {
        var before = await ReadAsync();
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path("socket")));
        Assert.Equal(before.Hash, (await ReadAsync()).Hash);
    }

    private string Path(string name) => System.IO.Path.Join(_folder.Path, name);

    private Task<ContextSnapshot> ReadAsync(ContextSnapshot? known = null, string? folder = null) =>
        ContextReader.ReadAsync(BuildContext.Open(folder ?? _folder.Path), known, _clock, TestContext.Current.CancellationToken);

    /// <summary>Reads it as an hour later, when all that is to be known from stamps is; and lets the file system's clock go on.</summary>
    private async Task<ContextSnapshot> ReadLaterAsync()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        var read = await ReadAsync();
        do
            _folder.Write("noise.log", "ignored\n");
        while (FileStamp.Of(Path("noise.log"))?.Changed == FileStamp.Of(Path("file"))?.Changed);
        return read;
    }

    /// <summary>Makes a change; gives the folder that is the context then.</summary>
    private async Task<string> ChangeAsync(string change)
    {
        const UnixFileMode readable = (UnixFileMode)0b110_100_100;
        var time = File.GetLastWriteTimeUtc(Path("file"));
        switch (change)
        {
            case "an edited file":
                _folder.Write("file", "two and more\n");
                break;
            case "an edited file of the same size and time":
                _folder.Write("file", "two\n");
                File.SetLastWriteTimeUtc(Path("file"), time);
                break;
            case "a file in the place of another":
                await File.WriteAllTextAsync($"{_folder.Path}-other", "two\n", TestContext.Current.CancellationToken);
                File.SetLastWriteTimeUtc($"{_folder.Path}-other", time);
                File.Move($"{_folder.Path}-other", Path("file"), overwrite: true);
                break;
            case "a renamed file":
                File.Move(Path("file"), Path("other"));
                break;
            case "a file that may be run":
                SetMode("file", readable | UnixFileMode.UserExecute);
                break;
            case "a file that only its owner may read":
                SetMode("file", UnixFileMode.UserRead | UnixFileMode.UserWrite);
                break;
            case "a folder that others may not enter":
                SetMode("bin", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
            case "a new file":
                _folder.Write("bin/new", "");
                break;
            case "a new empty folder":
                Directory.CreateDirectory(Path("void"));
                break;
            case "a file that is gone":
                File.Delete(Path("bin/run"));
                break;
            case "a link that leads elsewhere":
                File.Delete(Path("link"));
                File.CreateSymbolicLink(Path("link"), "bin/run");
                break;
            case "a link in the place of a file":
                File.Delete(Path("file"));
                File.CreateSymbolicLink(Path("file"), "bin/run");
                break;
            case "an ignore file that leaves out more":
                _folder.Write(".dockerignore", "*.log\nfile\n");
                break;
            case "a pipe":
                await Shell.RunAsync(_folder.Path, "mkfifo", "pipe");
                break;
            case "another time":
                File.SetLastWriteTimeUtc(Path("file"), time.AddDays(-1));
                break;
            case "an ignored file" or "a new ignored file":
                _folder.Write(change == "an ignored file" ? "noise.log" : "more.log", "more\n");
                break;
            case "another umask":
                SetMode("file", readable | UnixFileMode.GroupWrite);
                break;
            case "the same content again":
                File.Delete(Path("file"));
                _folder.Write("file", "one\n");
                break;
            case "a moved context":
                await Shell.RunAsync(_folder.Path, "cp", "--archive", _folder.Path, $"{_folder.Path}-moved");
                return $"{_folder.Path}-moved";
            default:
                break;
        }

        return _folder.Path;
    }

    private void SetMode(string name, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no such modes.");
        else
            File.SetUnixFileMode(Path(name), mode);
    }
}
