using Crane.Adapters.Contexts;

namespace Crane.Adapters.Tests.Building;

/// <summary>Where the Dockerfile is, and what the engine is told of it and of the ignore file.</summary>
public sealed class DockerfileLocationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "Dockerfile")]
    [InlineData("docker/web", "docker/web")]
    [InlineData("./docker/../docker/web", "docker/web")]
    public void Dockerfile_in_the_context_has_its_own_name(string? file, string name)
    {
        Context.Of(_folder, null, "docker/web");

        Assert.Equal(name, BuildContext.Open(_folder.Path, file).Dockerfile);
        Assert.Equal(name, BuildContext.Open(_folder.Path, Path.Join(_folder.Path, name)).Dockerfile);
    }

    [Fact]
    public void Lower_case_name_is_found_by_default()
    {
        _folder.Write("dockerfile", "");

        Assert.Equal("dockerfile", BuildContext.Open(_folder.Path).Dockerfile);
    }

    [Fact]
    public async Task Changed_copy_of_the_Dockerfile_is_sent_under_a_hidden_name_and_the_file_as_it_is()
    {
        _folder.Write("Dockerfile", "FROM a");
        _folder.Write("b", "b");

        var context = BuildContext.Open(_folder.Path, null, "FROM b"u8.ToArray());

        Assert.Matches("^[.]dockerfile[.][0-9a-f]{20}$", context.Dockerfile);
        Assert.Equal([".dockerignore", context.Dockerfile, "Dockerfile", "b"], Context.Names(context));
        Assert.Equal("FROM b", await Context.ContentAsync(context, context.Dockerfile));
        Assert.Equal("FROM a", await Context.ContentAsync(context, "Dockerfile"));
        await EngineIgnoresAsync(context, context.Dockerfile, ".dockerignore");
    }

    [Fact]
    public async Task Dockerfile_outside_is_sent_under_a_hidden_name()
    {
        _folder.Write("outside/Dockerfile", "FROM outside");
        _folder.Write("context/a", "a");

        var context = BuildContext.Open(Path.Join(_folder.Path, "context"), "../outside/Dockerfile");

        Assert.Matches("^[.]dockerfile[.][0-9a-f]{20}$", context.Dockerfile);
        Assert.Equal(Path.Join(_folder.Path, "outside/Dockerfile"), context.DockerfilePath);
        Assert.Equal([".dockerignore", context.Dockerfile, "a"], Context.Names(context));
        Assert.Equal("FROM outside", await Context.ContentAsync(context, context.Dockerfile));
        await EngineIgnoresAsync(context, context.Dockerfile, ".dockerignore");
    }

    [Fact]
    public void Hidden_name_depends_on_the_relative_path_only_and_is_free()
    {
        using var other = new TemporaryFolder();
        foreach (var folder in new[] { _folder, other })
        {
            folder.Write("Dockerfile", "");
            folder.Write("context/a", "a");
        }

        var name = Open(_folder).Dockerfile;

        Assert.Equal(name, Open(other).Dockerfile);
        other.Write($"context/{name}", "taken");
        Assert.NotEqual(name, Open(other).Dockerfile);

        static BuildContext Open(TemporaryFolder folder) => BuildContext.Open(Path.Join(folder.Path, "context"), "../Dockerfile");
    }

    [Fact]
    public async Task Ignore_file_keeps_its_content_beside_a_Dockerfile_from_outside()
    {
        _folder.Write("Dockerfile", "");
        _folder.Write("context/.dockerignore", "b");
        _folder.Write("context/b", "b");

        var context = BuildContext.Open(Path.Join(_folder.Path, "context"), "../Dockerfile");

        Assert.Equal([".dockerignore", context.Dockerfile], Context.Names(context));
        Assert.StartsWith("b\n", await Context.ContentAsync(context, ".dockerignore"), StringComparison.Ordinal);
        await EngineIgnoresAsync(context, context.Dockerfile);
    }

    [Fact]
    public async Task Link_to_a_Dockerfile_in_the_context_means_that_one()
    {
        _folder.Write("docker/Dockerfile", "FROM link");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "Dockerfile"), "docker/Dockerfile");

        var context = Context.Of(_folder, "docker\n");

        Assert.Equal("docker/Dockerfile", context.Dockerfile);
        Assert.Equal("FROM link", await Context.ContentAsync(context, "docker/Dockerfile"));
    }

    [Fact]
    public async Task Link_to_a_Dockerfile_outside_is_read()
    {
        _folder.Write("Dockerfile", "FROM outside");
        _folder.Write("context/a", "a");
        File.CreateSymbolicLink(Path.Join(_folder.Path, "context/Dockerfile"), "../Dockerfile");

        var context = BuildContext.Open(Path.Join(_folder.Path, "context"));

        Assert.Equal("FROM outside", await Context.ContentAsync(context, context.Dockerfile));
        Assert.Equal([".dockerignore", context.Dockerfile, "Dockerfile", "a"], Context.Names(context));
    }

    [Fact]
    public void Context_may_be_a_link()
    {
        Context.Of(_folder, null, "real/Dockerfile", "real/a");
        Directory.CreateSymbolicLink(Path.Join(_folder.Path, "link"), "real");

        var context = BuildContext.Open(Path.Join(_folder.Path, "link"));

        Assert.Equal("Dockerfile", context.Dockerfile);
        Assert.Equal(["Dockerfile", "a"], Context.Names(context));
    }

    [Theory]
    [InlineData("Dockerfile\n", null, true, false)]
    [InlineData("b\n", null, false, false)]
    [InlineData("Dockerfile\n", "Dockerfile\n", true, false)]
    [InlineData("b\n", "Dockerfile\n.dockerignore\n", false, false)]
    [InlineData("*\n", "*\n", true, true)]
    [InlineData("*\n", null, true, true)]
    public async Task Engine_gets_the_rules_of_the_Dockerfiles_own_ignore_file(
        string own, string? shared, bool isDockerfileHidden, bool isIgnoreFileHidden)
    {
        _folder.Write("Dockerfile.dockerignore", own);
        var context = Context.Of(_folder, shared, "b");

        var hidden = new[] { isDockerfileHidden ? "Dockerfile" : "", isIgnoreFileHidden ? ".dockerignore" : "" };
        await EngineIgnoresAsync(context, [.. hidden.Where(name => name.Length > 0)]);
    }

    [Theory]
    [InlineData("!#Dockerfile")]
    [InlineData(" [x] {2}|^*? ")]
    public async Task Any_name_of_a_Dockerfile_works_with_the_engine(string name)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows does not know such names.");
        Context.Of(_folder, null, name);
        _folder.Write(name + ".dockerignore", "*");

        await EngineIgnoresAsync(BuildContext.Open(_folder.Path, name), name);
    }

    // What the engine does with the ignore file it gets: it takes these two out of what the build sees.
    private static async Task EngineIgnoresAsync(BuildContext context, params string[] names)
    {
        var isSent = Context.Names(context).Contains(".dockerignore");
        var rules = isSent ? IgnoreFile.Parse(await Context.ContentAsync(context, ".dockerignore"), "") : IgnoreRules.None;
        string[] asked = isSent && names.Contains(".dockerignore") ? [context.Dockerfile, ".dockerignore"] : [context.Dockerfile];
        Assert.Equal(names.Order(StringComparer.Ordinal), asked.Where(rules.Ignores).Order(StringComparer.Ordinal));
    }
}
