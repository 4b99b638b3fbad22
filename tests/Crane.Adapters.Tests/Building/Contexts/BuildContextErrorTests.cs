using System.Text;
using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>What is wrong is said before anything is sent, or in a way that nobody takes what was sent for whole.</summary>
public sealed class BuildContextErrorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Context_that_is_missing() => Assert.StartsWith(
        $"The build context '{_folder.Path}/none' does not exist.", Error("none", null).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    public void Context_that_is_relative(string folder) => Assert.Contains(
        "is not an absolute path", Assert.Throws<CraneException>(() => BuildContext.Open(folder)).Message, StringComparison.Ordinal);

    // A plan that was made by hand may have one; the others of its pipeline go on.
    [Fact]
    public void Context_that_is_relative_where_only_the_Dockerfile_is_read() => Assert.Contains(
        "is not an absolute path",
        Assert.Throws<CraneException>(() => new LocalDockerfiles(_ => null).Read(new ContainerBuild { Context = "os" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Context_that_is_a_file()
    {
        _folder.Write("file", "");

        Assert.Contains("is a file, not a folder", Error("file", null).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Dockerfile")]
    [InlineData("web/Dockerfile", "web/Dockerfile")]
    public void Dockerfile_that_is_missing(string? file, string name)
    {
        var error = Error("", file);

        Assert.Equal($"The Dockerfile '{_folder.Path}/{name}' does not exist.", error.Message);
        Assert.Contains("`file` under `build`", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void Dockerfile_that_is_a_folder()
    {
        Directory.CreateDirectory(Path.Join(_folder.Path, "Dockerfile"));

        Assert.Contains("is not a regular file", Error("", null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dockerfile_that_is_a_pipe()
    {
        await Shell.RunAsync(_folder.Path, "mkfifo", "Dockerfile");

        Assert.Contains("is not a regular file", Error("", null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dockerfile_that_is_a_dangling_link()
    {
        File.CreateSymbolicLink(Path.Join(_folder.Path, "Dockerfile"), "none");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "loop"), "loop");

        Assert.Contains("does not exist", Error("", null).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Error("", "loop").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignore_file_that_is_a_folder()
    {
        Directory.CreateDirectory(Path.Join(_folder.Path, ".dockerignore"));
        _folder.Write("Dockerfile", "");

        Assert.StartsWith($"'{_folder.Path}/.dockerignore' cannot be read", Error("", null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignore_file_in_UTF_16_would_ignore_nothing()
    {
        File.WriteAllText(Path.Join(_folder.Path, ".dockerignore"), "secret\n", Encoding.Unicode);
        _folder.Write("Dockerfile", "");

        Assert.Contains("is not UTF-8 text", Error("", null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignore_file_with_an_invalid_pattern()
    {
        _folder.Write("Dockerfile.dockerignore", "a\n[b\n");
        _folder.Write("Dockerfile", "");

        Assert.Equal($"{_folder.Path}/Dockerfile.dockerignore:2:1", Error("", null).Location!.ToString());
    }

    [Theory]
    [InlineData("removed", "was removed while")]
    [InlineData("shortened", "became shorter while")]
    [InlineData("emptied", "became shorter while")]
    [InlineData("grown", "grew while")]
    [InlineData("written", "was written while")]
    public async Task File_that_changes_while_it_is_sent(string change, string problem)
    {
        // The first bytes leave when the buffer is full, so within this file; the second file has not been looked at then.
        var name = change == "removed" ? "b" : "a";
        var context = Context.Of(_folder, null, "b");
        _folder.Write("a", new string('a', 4_000_000));
        var path = Path.Join(_folder.Path, name);
        using var output = new WatchedStream(() => Change(path, change));

        var error = await Context.ErrorAsync(context, output);

        Assert.StartsWith($"'{path}' {problem}", error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.Subject);
        Assert.False(output.HasEndOfArchive);
    }

    [Fact]
    public async Task Folder_that_is_removed_before_it_is_sent()
    {
        var context = Context.Of(_folder, null, "b/c/d");
        _folder.Write("a", new string('a', 4_000_000));
        using var output = new WatchedStream(() => Directory.Delete(Path.Join(_folder.Path, "b"), recursive: true));

        var error = await Context.ErrorAsync(context, output);

        Assert.StartsWith($"'{_folder.Path}/b' was removed", error.Message, StringComparison.Ordinal);
        Assert.False(output.HasEndOfArchive);
    }

    [Fact]
    public async Task Name_that_is_not_UTF_8()
    {
        await Shell.RunAsync(_folder.Path, "sh", "-c", @"name=$(printf 'caf\351'); printf x > $name");
        using var output = new WatchedStream();

        var error = await Context.ErrorAsync(Context.Of(_folder, null), output);

        await Shell.RunAsync(_folder.Path, "sh", "-c", "rm caf*");
        Assert.Contains("is not valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    // A folder with such a name cannot be listed either: the test fails if it is read.
    [Fact]
    public async Task Name_that_is_not_UTF_8_can_be_ignored()
    {
        await Shell.RunAsync(_folder.Path, "sh", "-c", @"name=$(printf 'caf\351'); mkdir $name; printf x > $name.txt");

        var entries = await Context.EntriesAsync(Context.Of(_folder, "caf?\ncaf*.txt\n"));

        await Shell.RunAsync(_folder.Path, "sh", "-c", "rm -r caf*");
        Assert.Equal([".dockerignore", "Dockerfile"], entries.Select(entry => entry.Name));
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("folder", "folder")]
    [InlineData("closed/file", "closed")]
    public async Task Unreadable_file(string name, string closed)
    {
        var context = Context.Of(_folder, null, "folder/x", "secret", "closed/file");
        await Shell.RunAsync(_folder.Path, "chmod", name == "closed/file" ? "444" : "0", closed);
        using var output = new WatchedStream();
        if (Environment.IsPrivilegedProcess)
        {
            // The superuser may read everything.
            await context.WriteToAsync(output, null, TestContext.Current.CancellationToken);
            return;
        }

        var error = await Context.ErrorAsync(context, output);

        await Shell.RunAsync(_folder.Path, "chmod", "755", closed);
        Assert.StartsWith($"'{_folder.Path}/{name}' cannot be read", error.Message, StringComparison.Ordinal);
        Assert.False(output.HasEndOfArchive);
    }

    [Fact]
    public async Task Whole_archive_has_its_end()
    {
        using var output = new WatchedStream();

        await Context.Of(_folder, null).WriteToAsync(output, null, TestContext.Current.CancellationToken);

        Assert.True(output.HasEndOfArchive);
    }

    [Fact]
    public async Task Error_of_the_receiver_is_not_one_of_a_file()
    {
        var context = Context.Of(_folder, null, "a");
        using var output = new WatchedStream(() => throw new IOException("Broken pipe"));

        var error = await Assert.ThrowsAsync<IOException>(
            () => context.WriteToAsync(output, null, TestContext.Current.CancellationToken));

        Assert.Equal("Broken pipe", error.Message);
    }

    private static void Change(string path, string change)
    {
        switch (change)
        {
            case "removed":
                File.Delete(path);
                break;
            case "written":
                File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
                break;
            default:
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    file.SetLength(change switch { "emptied" => 0, "shortened" => file.Length - 1, _ => file.Length + 1 });
                break;
        }
    }

    private CraneException Error(string folder, string? file)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.Join(_folder.Path, folder));
        var error = Assert.Throws<CraneException>(() => BuildContext.Open(path, file));
        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.NotNull(error.RecommendedAction);
        return error;
    }
}
