using System.Text.Json.Nodes;
using Crane.Adapters.Credentials;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Tests.Credentials;

/// <summary>Credentials are kept where docker keeps them, and found there again.</summary>
public sealed class CredentialKeeperTests : IDisposable
{
    private static readonly PasswordCredential Password = new("bob", "secret");

    private readonly TemporaryFolder _home = new();
    private readonly DockerEnvironment _environment;
    private readonly CredentialKeeper _keeper;

    public CredentialKeeperTests()
    {
        _environment = TestEnvironment.Of(_home, ("PATH", Path.Combine(_home.Path, "bin")));
        _keeper = new CredentialKeeper(_environment);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ConfigPath => Path.Combine(_home.Path, ".docker", "config.json");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Without_a_helper_the_file_has_it_private_to_its_owner()
    {
        var login = await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        Assert.Equal(("r.co", "bob", ConfigPath, false), (login.Registry, login.UserName, login.Store, login.IsProtected));
        Assert.Equal(Password, await FoundAsync("r.co"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigPath));
    }

    [Fact]
    public async Task File_that_exists_keeps_its_permissions_owner_and_group()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("The test is about what files are on Unix.");
            return;
        }
        var path = _home.Write(".docker/config.json", "{}");
        const UnixFileMode GroupReads = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, GroupReads);
        if (Environment.IsPrivilegedProcess)
            await Building.Shell.RunAsync(_home.Path, "chown", "1234:4321", path);
        var owner = FileOwner.Of(path);

        await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        await _keeper.ForgetAsync("r.co", Cancellation);

        Assert.Equal(GroupReads, File.GetUnixFileMode(path));
        Assert.Equal(owner, FileOwner.Of(path));
    }

    [Theory]
    [InlineData("absent.json")]
    [InlineData("absent/folder/docker.json")]
    public async Task Dangling_link_stays_and_its_target_is_created(string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.CreateSymbolicLink(ConfigPath, Path.Combine(_home.Path, target));
        await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        Assert.Equal(Path.Combine(_home.Path, target), new FileInfo(ConfigPath).LinkTarget);
        Assert.Equal(Password, await FoundAsync("r.co"));
    }

    [Fact]
    public async Task Section_in_capitals_is_the_one_that_is_changed()
    {
        var path = _home.Write(".docker/config.json", """{"Auths":{"s.co":{"Auth":"Ym9iOnNlY3JldA=="}}}""");
        await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        Assert.Equal((Password, Password), (await FoundAsync("r.co"), await FoundAsync("s.co")));
        Assert.Equal(["Auths"], JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public async Task Link_stays_and_its_target_is_written()
    {
        var target = _home.Write("dotfiles/docker.json", """{"psFormat":"x"}""");
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        File.CreateSymbolicLink(ConfigPath, target);
        await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        Assert.Equal(target, new FileInfo(ConfigPath).LinkTarget);
        Assert.Equal(["psFormat", "auths"], JsonNode.Parse(await File.ReadAllTextAsync(target, Cancellation))!.AsObject().Select(entry => entry.Key));
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public async Task Identity_token_is_found_again_as_one()
    {
        await _keeper.KeepAsync("r.co", new IdentityTokenCredential("id"), "bob", Cancellation);
        Assert.Equal(new IdentityTokenCredential("id"), await FoundAsync("r.co"));
    }

    [Theory]
    [InlineData("""{"credsStore":"test"}""")]
    [InlineData("""{"credHelpers":{"r.co":"test"},"credsStore":"other"}""")]
    public async Task Helper_stores_it_and_the_file_only_that_there_is_one(string config)
    {
        Helper();
        _home.Write(".docker/config.json", config);
        var login = await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        Assert.Equal(("docker-credential-test", true), (login.Store, login.IsProtected));
        Assert.Equal(
            """{"ServerURL":"r.co","Username":"bob","Secret":"secret"}""",
            await File.ReadAllTextAsync(Path.Combine(_home.Path, "kept"), Cancellation));
        Assert.Equal(Password, await FoundAsync("r.co"));
        Assert.Equal("{}", JsonNode.Parse(await File.ReadAllTextAsync(ConfigPath, Cancellation))!["auths"]!["r.co"]!.ToJsonString());
    }

    [Fact]
    public async Task It_is_removed_from_the_helper_and_the_file()
    {
        Helper();
        _home.Write(".docker/config.json", """{"credsStore":"test"}""");
        await _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        var login = await _keeper.ForgetAsync("r.co", Cancellation);
        Assert.Equal(("bob", "docker-credential-test"), (login!.UserName, login.Store));
        Assert.Null(await FoundAsync("r.co"));
        Assert.Equal("""{"credsStore":"test","auths":{}}""", JsonNode.Parse(await File.ReadAllTextAsync(ConfigPath, Cancellation))!.ToJsonString());
        Assert.Null(await _keeper.ForgetAsync("r.co", Cancellation));
    }

    [Fact]
    public async Task Helper_that_fails_is_an_error_without_the_secret_and_the_file_stays()
    {
        _home.WriteProgram("bin/docker-credential-test", "cat; exit 3");
        _home.Write(".docker/config.json", """{"credsStore":"test"}""");
        var error = await Assert.ThrowsAsync<CraneException>(() => _keeper.KeepAsync("r.co", Password, "bob", Cancellation));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Contains("docker-credential-test", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"credsStore":"test"}""", await File.ReadAllTextAsync(ConfigPath, Cancellation));
    }

    [Fact]
    public async Task What_docker_login_stored_is_removed()
    {
        _home.Write(".docker/config.json", """{"auths":{"https://r.co/v1/":{"auth":"Ym9iOnNlY3JldA=="}}}""");
        Assert.Equal("bob", (await _keeper.ForgetAsync("r.co", Cancellation))!.UserName);
        Assert.Null(await FoundAsync("r.co"));
    }

    [Fact]
    public async Task Nothing_to_remove_writes_nothing()
    {
        Assert.Null(await _keeper.ForgetAsync("r.co", Cancellation));
        Assert.False(File.Exists(ConfigPath));
    }

    [Fact]
    public async Task Many_at_the_same_time_lose_nothing()
    {
        var registries = Enumerable.Range(0, 20).Select(index => $"r{index}.co").ToList();
        await Task.WhenAll(registries.Select(registry => Task.Run(() => _keeper.KeepAsync(registry, Password, "bob", Cancellation))));
        foreach (var registry in registries)
            Assert.Equal(Password, await FoundAsync(registry));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"auths":{"a":{},"a":{}}}""")]
    [InlineData("""{"auths":"x"}""")]
    [InlineData("""{"auths":[]}""")]
    [InlineData("""{"Auths":7}""")]
    [InlineData("""{"auths":{"r.co":"x"}}""")]
    [InlineData("""{"credHelpers":"x"}""")]
    [InlineData("""{"credsStore":["x"]}""")]
    [InlineData("[]")]
    public async Task Configuration_that_is_broken_is_an_error_and_stays(string config)
    {
        var path = _home.Write(".docker/config.json", config);
        var error = await Assert.ThrowsAsync<CraneException>(() => _keeper.KeepAsync("r.co", Password, "bob", Cancellation));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(config, await File.ReadAllTextAsync(path, Cancellation));
    }

    [Fact]
    public async Task Configuration_that_is_a_pipe_is_an_error_and_not_waited_for()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        await Building.Shell.RunAsync(_home.Path, "mkfifo", ConfigPath);
        var error = await Assert.ThrowsAsync<CraneException>(() => _keeper.KeepAsync("r.co", Password, "bob", Cancellation));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains("it is a pipe", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_that_another_process_has_locked_is_waited_for()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigPath)!);
        var held = await FileLock.TakeAsync($"{ConfigPath}.lock", TimeSpan.FromMinutes(1), Cancellation);
        var keeping = _keeper.KeepAsync("r.co", Password, "bob", Cancellation);
        await File.WriteAllTextAsync(ConfigPath, """{"auths":{"s.co":{"auth":"Ym9iOnNlY3JldA=="}}}""", Cancellation);
        Assert.False(keeping.IsCompleted);
        await held.DisposeAsync();
        await keeping;
        Assert.Equal((Password, Password), (await FoundAsync("r.co"), await FoundAsync("s.co")));
    }

    [Fact]
    public async Task Configuration_that_cannot_be_written_is_an_error()
    {
        // A file is where the folder would be.
        _home.Write(".docker", "");
        var error = await Assert.ThrowsAsync<CraneException>(() => _keeper.KeepAsync("r.co", Password, "bob", Cancellation));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
    }

    private async Task<RegistryCredential?> FoundAsync(string registry)
    {
        using var credentials = new RegistryCredentials(new Dictionary<string, System.Net.NetworkCredential>(), _environment);
        return await credentials.GetAsync(registry, Cancellation);
    }

    /// <summary>A helper that keeps one credential in a file.</summary>
    private void Helper() => _home.WriteProgram("bin/docker-credential-test", $"""
        PATH=/usr/bin:/bin
        kept='{_home.Path}/kept'
        case $1 in
            store) cat > "$kept" ;;
            get) cat > /dev/null; [ -f "$kept" ] && exec cat "$kept"; echo 'credentials not found in native keychain'; exit 1 ;;
            erase) cat > /dev/null; rm "$kept" ;;
        esac
        """);
}
