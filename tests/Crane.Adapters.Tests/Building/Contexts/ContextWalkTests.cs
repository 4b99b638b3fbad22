using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

public sealed class ContextWalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Order_is_ordinal_with_folders_before_their_content()
    {
        var context = Context.Of(_folder, null, "b/2", "b/1", "b.txt", "B", "a/x", "ä");

        Assert.Equal(["B", "Dockerfile", "a/", "a/x", "b/", "b/1", "b/2", "b.txt", "ä"], Context.Names(context));
    }

    [Fact]
    public void Empty_folder_is_sent()
    {
        Directory.CreateDirectory(Path.Join(_folder.Path, "logs", "old"));

        Assert.Equal(["Dockerfile", "logs/", "logs/old/"], Context.Names(Context.Of(_folder, null)));
    }

    [Fact]
    public void Ignored_folder_is_sent_only_for_what_is_reincluded()
    {
        var context = Context.Of(_folder, "a\n!a/b/keep\nc\n!c/none\n", "a/b/keep", "a/b/drop", "a/drop", "c/drop");

        Assert.Equal([".dockerignore", "Dockerfile", "a/", "a/b/", "a/b/keep"], Context.Names(context));
    }

    [Fact]
    public void Exception_with_wildcards_reincludes_at_any_depth()
    {
        var context = Context.Of(_folder, "**\n!**/*.cs\n", "a/b/c/x.cs", "a/b/x.txt", "y.cs");

        Assert.Equal([".dockerignore", "Dockerfile", "a/", "a/b/", "a/b/c/", "a/b/c/x.cs", "y.cs"], Context.Names(context));
    }

    // Opening a pipe that nobody writes to blocks, so this test would never end.
    [Fact]
    public async Task Ignored_is_not_opened()
    {
        Directory.CreateDirectory(Path.Join(_folder.Path, "a"));
        await Shell.RunAsync(_folder.Path, "mkfifo", "a/pipe", "b.pipe", ".dockerignore.pipe");
        var context = Context.Of(_folder, "a/pipe\n*.pipe\n", "c");

        var entries = await Context.EntriesAsync(context);

        Assert.Equal([".dockerignore", "Dockerfile", "a/", "c"], entries.Select(entry => entry.Name));
    }

    [Fact]
    public void Links_to_folders_are_not_followed()
    {
        using var outside = new TemporaryFolder();
        outside.Write("secret", "secret");
        Directory.CreateSymbolicLink(Path.Join(_folder.Path, "out"), outside.Path);
        Directory.CreateSymbolicLink(Path.Join(_folder.Path, "self"), ".");

        Assert.Equal(["Dockerfile", "out", "self"], Context.Names(Context.Of(_folder, null)));
    }

    [Fact]
    public void Many_levels_are_no_recursion()
    {
        var deep = string.Join('/', Enumerable.Repeat("d", 500));

        Assert.Equal(502, Context.Names(Context.Of(_folder, null, deep + "/file")).Length);
    }

    [Fact]
    public void Ignore_file_of_the_Dockerfile_wins()
    {
        _folder.Write("Dockerfile.dockerignore", "b\n");

        Assert.Equal(
            [".dockerignore", "Dockerfile", "Dockerfile.dockerignore", "a"],
            Context.Names(Context.Of(_folder, "a\n", "a", "b")));
    }

    [Fact]
    public void Ignore_file_is_beside_its_Dockerfile()
    {
        Context.Of(_folder, "a\n", "a", "b", "docker/web.Dockerfile");
        _folder.Write("docker/web.Dockerfile.dockerignore", "b\ndocker\n");

        var context = BuildContext.Open(_folder.Path, "docker/web.Dockerfile");

        Assert.Equal("docker/web.Dockerfile", context.Dockerfile);
        Assert.Equal([".dockerignore", "Dockerfile", "a", "docker/", "docker/web.Dockerfile"], Context.Names(context));
    }
}
