using System.Net;
using System.Text.Json.Nodes;
using Crane.Adapters.Building.Buildx;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Tests.Building.Buildx;

/// <summary>What Buildx gets of credentials, and in which way.</summary>
public sealed class BuildxConfigTests : IDisposable
{
    private static readonly Dictionary<string, NetworkCredential> Given = new() { ["r.co"] = new("bob", "secret") };

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("0.13")]
    [InlineData("0.29")]
    public async Task Without_passed_credentials_the_configuration_is_the_user_s(string version)
    {
        await using var run = await RunFolder.CreateAsync(Environment(), Cancellation);
        var config = await ConfigAsync(version, run, []);
        Assert.Equal((Path.Combine(_home.Path, ".docker"), null), (config.Folder, config.Credentials));
        Assert.Equal(["lock"], Directory.EnumerateFileSystemEntries(run.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Passed_credentials_go_into_a_variable_beside_the_user_s_and_never_to_the_disk()
    {
        await using var run = await RunFolder.CreateAsync(Environment(), Cancellation);
        var config = await ConfigAsync(
            "0.26", run, Given, ("DOCKER_AUTH_CONFIG", """{"auths":{"r.co":{"auth":"b2xkOm9sZA=="},"s.co":{"auth":"czpz"}}}"""));
        Assert.Equal(Path.Combine(_home.Path, ".docker"), config.Folder);
        Assert.Equal(
            """{"auths":{"r.co":{"auth":"Ym9iOnNlY3JldA=="},"s.co":{"auth":"czpz"}}}""", JsonNode.Parse(config.Credentials!)!.ToJsonString());
        Assert.Equal(["lock"], Directory.EnumerateFileSystemEntries(run.Path).Select(Path.GetFileName));
        Assert.DoesNotContain("secret", $"{config}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buildx_that_reads_no_variable_gets_a_file_that_is_gone_with_the_run()
    {
        string folder;
        await using (var run = await RunFolder.CreateAsync(Environment(), Cancellation))
        {
            var config = await ConfigAsync("0.25", run, Given);
            folder = config.Folder;
            Assert.Equal((run.Path, null), (folder, config.Credentials));
            var path = Path.Combine(folder, "config.json");
            Assert.Equal("""{"auths":{"r.co":{"auth":"Ym9iOnNlY3JldA=="}}}""", await File.ReadAllTextAsync(path, Cancellation));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("0.25", "{}")]
    [InlineData("0.26", """{"auths":{"r.co":{"auth":""}}}""")]
    public async Task Helper_that_fails_is_not_asked_again_by_Buildx(string version, string expected)
    {
        _home.Write(".docker/config.json", """{"credHelpers":{"r.co":"absent"}}""");
        await using var run = await RunFolder.CreateAsync(Environment(), Cancellation);
        var config = await ConfigAsync(version, run, []);
        var json = config.Credentials ?? await File.ReadAllTextAsync(Path.Combine(config.Folder, "config.json"), Cancellation);
        Assert.Equal(expected, JsonNode.Parse(json)!.ToJsonString());
    }

    [Fact]
    public async Task Folder_of_a_run_that_was_killed_is_removed_by_the_next_and_no_other()
    {
        await using var living = await RunFolder.CreateAsync(Environment(), Cancellation);
        var killed = Directory.CreateDirectory(Path.Combine(_home.Path, "crane-buildx-killed")).FullName;
        await File.WriteAllTextAsync(Path.Combine(killed, "lock"), "", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(killed, "config.json"), "secret", Cancellation);
        var other = Directory.CreateDirectory(Path.Combine(_home.Path, "crane-buildx-of-another-program")).FullName;

        await using var next = await RunFolder.CreateAsync(Environment(), Cancellation);

        Assert.False(Directory.Exists(killed));
        Assert.True(Directory.Exists(living.Path));
        Assert.True(Directory.Exists(other));
    }

    private DockerEnvironment Environment(params (string Name, string Value)[] variables) =>
        TestEnvironment.Of(_home, [("XDG_RUNTIME_DIR", _home.Path), .. variables]);

    private async Task<BuildxConfig> ConfigAsync(
        string version, RunFolder run, Dictionary<string, NetworkCredential> given, params (string Name, string Value)[] variables)
    {
        var environment = Environment(variables);
        using var credentials = new RegistryCredentials(given, environment);
        var program = new BuildxProgram("/buildx", []) { Version = Version.Parse(version) };
        return await BuildxConfig.CreateAsync(program, run, credentials, ["r.co"], environment, Cancellation);
    }
}
