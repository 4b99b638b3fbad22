using System.Net;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Tests.Credentials;

public sealed class RegistryCredentialsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Passed_credentials_come_first()
    {
        Configure("""{"auths": {"r.co": {"username": "file", "password": "f"}}}""");
        using var credentials = Credentials(new() { ["https://R.co/"] = new("given", "g") });
        Assert.Equal(new PasswordCredential("given", "g") { IsGiven = true }, await credentials.GetAsync("r.co", Cancellation));
    }

    [Fact]
    public async Task User_name_is_sent_as_it_was_passed()
    {
        using var credentials = Credentials(new() { ["r.co"] = new(@"company\bob", "x"), ["s.co"] = new("bob@company", "x") });
        Assert.Equal(new PasswordCredential(@"company\bob", "x") { IsGiven = true }, await credentials.GetAsync("r.co", Cancellation));
        Assert.Equal(new PasswordCredential("bob@company", "x") { IsGiven = true }, await credentials.GetAsync("s.co", Cancellation));
    }

    [Fact]
    public async Task Variable_comes_before_the_file_and_leaves_other_registries_to_it()
    {
        Configure("""{"auths": {"r.co": {"username": "file", "password": "f"}, "s.co": {"username": "file", "password": "f"}}}""");
        using var credentials = Credentials([], ("DOCKER_AUTH_CONFIG", """{"auths": {"r.co": {"auth": "dmFyOnY="}}}"""));
        Assert.Equal(new PasswordCredential("var", "v"), await credentials.GetAsync("r.co", Cancellation));
        Assert.Equal(new PasswordCredential("file", "f"), await credentials.GetAsync("s.co", Cancellation));
    }

    [Fact]
    public async Task Helper_of_a_registry_comes_before_the_store_of_all()
    {
        _home.WriteProgram("docker-credential-one", """cat > /dev/null; echo '{"Username": "one", "Secret": "1"}'""");
        _home.WriteProgram("docker-credential-all", """cat > /dev/null; echo '{"Username": "all", "Secret": "2"}'""");
        Configure("""{"credsStore": "all", "credHelpers": {"r.co": "one"}, "auths": {"r.co": {}, "s.co": {}}}""");
        using var credentials = Credentials([], ("PATH", _home.Path));
        Assert.Equal(new PasswordCredential("one", "1"), await credentials.GetAsync("r.co", Cancellation));
        Assert.Equal(new PasswordCredential("all", "2"), await credentials.GetAsync("s.co", Cancellation));
    }

    [Fact]
    public async Task Helper_is_asked_once_for_a_registry()
    {
        _home.WriteProgram("docker-credential-slow", """
            cat > /dev/null; echo asked >> "${0%/*}/log"
            echo '{"Username": "bob", "Secret": "x"}'
            """);
        Configure("""{"credsStore": "slow"}""");
        using var credentials = Credentials([], ("PATH", _home.Path));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => credentials.GetAsync("r.co", Cancellation)));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_home.Path, "log"), Cancellation));
    }

    [Fact]
    public async Task Helper_that_fails_is_asked_once_for_a_registry_and_reported()
    {
        _home.WriteProgram("docker-credential-locked", """cat > /dev/null; echo asked >> "${0%/*}/log"; exit 3""");
        Configure("""{"credsStore": "locked"}""");
        using var credentials = Credentials([], ("PATH", _home.Path));
        for (var time = 0; time < 3; time++)
            Assert.Null(await credentials.GetAsync("r.co", Cancellation));
        Assert.Contains("exit code 3", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_home.Path, "log"), Cancellation));
    }

    [Fact]
    public async Task Slow_helper_delays_no_other_registry_and_is_asked_again_after_a_cancellation()
    {
        _home.WriteProgram("docker-credential-slow", """
            cat > /dev/null
            if [ -e "${0%/*}/asked" ]; then echo '{"Username": "bob", "Secret": "x"}'; exit; fi
            touch "${0%/*}/asked"; exec sleep 600
            """);
        Configure("""{"credHelpers": {"slow.co": "slow"}, "auths": {"r.co": {"username": "file", "password": "f"}}}""");
        using var credentials = Credentials([], ("PATH", $"{_home.Path}:/usr/bin:/bin"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var slow = credentials.GetAsync("slow.co", stop.Token);
        while (!File.Exists(Path.Combine(_home.Path, "asked")))
            await Task.Delay(20, Cancellation);

        Assert.Equal(new PasswordCredential("file", "f"), await credentials.GetAsync("r.co", Cancellation));
        Assert.False(slow.IsCompleted);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.Equal(new PasswordCredential("bob", "x"), await credentials.GetAsync("slow.co", Cancellation));
    }

    [Theory]
    [InlineData(null, "is not on the PATH")]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("kill -9 $$", "exit code 137")]
    [InlineData("echo garbage", "not a credential in JSON")]
    [InlineData("", "not a credential in JSON")]
    [InlineData("exec yes garbage", "printed too much output")]
    public async Task Helper_that_fails_is_a_warning_and_blamed_only_where_its_registry_refuses(string? script, string how)
    {
        if (script is not null)
            _home.WriteProgram("docker-credential-desktop", script);
        Configure("""{"credsStore": "desktop", "credHelpers": {"s.co": "other"}}""");
        _home.WriteProgram("docker-credential-other", """echo '{"Username": "bob", "Secret": "x"}'""");
        using var credentials = Credentials([], ("PATH", _home.Path));

        Assert.Null(await credentials.GetAsync("r.co", Cancellation));
        Assert.NotNull(await credentials.GetAsync("s.co", Cancellation));

        var warning = Assert.Single(_warnings);
        Assert.Contains("docker-credential-desktop", warning, StringComparison.Ordinal);
        Assert.Contains("config.json", warning, StringComparison.Ordinal);
        Assert.Contains(how, warning, StringComparison.Ordinal);

        var refused = new CraneException(CraneErrorId.RegistryUnauthorized, "It was refused.");
        var absent = new CraneException(CraneErrorId.ImageNotFound, "It is not there.");
        var explained = credentials.Explain(refused, "r.co");
        Assert.StartsWith("It was refused. The credential helper docker-credential-desktop", explained.Message, StringComparison.Ordinal);
        Assert.Contains(how, explained.Message, StringComparison.Ordinal);
        Assert.Contains("docker-credential-desktop", explained.RecommendedAction, StringComparison.Ordinal);
        Assert.Same(refused, credentials.Explain(refused, "s.co"));
        Assert.Same(absent, credentials.Explain(absent, "r.co"));
    }

    [Fact]
    public async Task Broken_variable_is_an_error_with_its_name_and_without_its_content()
    {
        using var credentials = Credentials([], ("DOCKER_AUTH_CONFIG", """{"auths": "c2VjcmV0"""));
        var error = await Assert.ThrowsAsync<CraneException>(() => credentials.GetAsync("r.co", Cancellation));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains("DOCKER_AUTH_CONFIG", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2Vj", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_configuration_there_is_none()
    {
        using var credentials = Credentials([]);
        Assert.Null(await credentials.GetAsync("r.co", Cancellation));
    }

    [Fact]
    public void Credential_never_prints_its_secret() =>
        Assert.DoesNotContain("secret", $"{new PasswordCredential("bob", "secret")}{new IdentityTokenCredential("secret")}", StringComparison.Ordinal);

    private void Configure(string json) => _home.Write(".docker/config.json", json);

    private RegistryCredentials Credentials(
        Dictionary<string, NetworkCredential> given, params (string Name, string Value)[] variables) =>
        new(given, TestEnvironment.Of(_home, variables), _warnings.Add);
}
