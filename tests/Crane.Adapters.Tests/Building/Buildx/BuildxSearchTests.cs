using Crane.Adapters.Building.Buildx;

namespace Crane.Adapters.Tests.Building.Buildx;

public sealed class BuildxSearchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("github.com/docker/buildx v0.29.1 a32761aeb3debd39be1eca514af3693af0db334b", "0.29")]
    [InlineData("github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3", "0.13")]
    [InlineData("github.com/docker/buildx v0.9.0-rc1 abc", "0.9")]
    [InlineData("docker: 'buildx' is not a docker command.", null)]
    [InlineData("", null)]
    public void Version_is_the_second_word(string output, string? version) =>
        Assert.Equal(version, BuildxProgram.VersionIn(output)?.ToString());

    [Fact]
    public async Task Plugin_of_the_configuration_comes_before_that_of_the_user_and_that_before_the_path()
    {
        using var home = new TemporaryFolder();
        var environment = TestEnvironment.Of(home, ("PATH", Path.Combine(home.Path, "bin"))) with { PluginFolders = [] };
        home.WriteProgram("bin/docker", "echo github.com/docker/buildx v0.20.0 c");
        Assert.Equal($"{home.Path}/bin/docker buildx", $"{await BuildxProgram.FindAsync(environment, Cancellation)}");
        home.WriteProgram(".docker/cli-plugins/docker-buildx", "echo github.com/docker/buildx v0.20.0 c");
        Assert.Equal($"{home.Path}/.docker/cli-plugins/docker-buildx", $"{await BuildxProgram.FindAsync(environment, Cancellation)}");
        home.WriteProgram("extra/docker-buildx", "echo github.com/docker/buildx v0.20.0 c");
        home.Write(".docker/config.json", $$"""{"cliPluginsExtraDirs":["{{home.Path}}/extra"]}""");
        Assert.Equal($"{home.Path}/extra/docker-buildx", $"{await BuildxProgram.FindAsync(environment, Cancellation)}");
    }

    [Theory]
    [InlineData(null, "Buildx was not found")]
    [InlineData("echo docker: unknown command; exit 1", "Buildx was not found")]
    [InlineData("echo github.com/docker/buildx v0.12.5 c", "0.12 (")]
    public async Task Without_a_usable_one_the_error_says_what_to_do(string? script, string message)
    {
        using var home = new TemporaryFolder();
        var environment = TestEnvironment.Of(home) with { PluginFolders = [] };
        if (script is not null)
            home.WriteProgram(".docker/cli-plugins/docker-buildx", script);
        var error = await Assert.ThrowsAsync<CraneException>(() => BuildxProgram.FindAsync(environment, Cancellation));
        Assert.Equal(CraneErrorId.BuildFailed, error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("-Builder Engine", error.RecommendedAction, StringComparison.Ordinal);
    }
}
