using Crane.Adapters.Credentials;

namespace Crane.Adapters.Tests.Credentials;

/// <summary>Each test writes a real helper program, and finds it on a PATH of its own.</summary>
public sealed class CredentialHelperTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Helper_is_asked_for_the_registry_on_its_standard_input()
    {
        var helper = Helper($$"""
            echo "$1 $(cat)" > "{{_folder.Path}}/asked"
            echo '{"ServerURL": "r.co:5000", "Username": "bob", "Secret": "s e\"c:ret"}'
            """);
        Assert.Equal(new PasswordCredential("bob", "s e\"c:ret"), await helper.GetAsync("r.co:5000", Cancellation));
        Assert.Equal("get r.co:5000\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "asked"), Cancellation));
    }

    [Fact]
    public async Task Docker_hub_is_asked_for_by_the_key_that_docker_login_stored()
    {
        var helper = Helper("""printf '{"Username": "%s", "Secret": "x"}' "$(cat)" """);
        Assert.Equal(new PasswordCredential("https://index.docker.io/v1/", "x"), await helper.GetAsync("docker.io", Cancellation));
    }

    [Fact]
    public async Task User_named_token_means_an_identity_token()
    {
        var helper = Helper("""cat > /dev/null; echo '{"Username": "<token>", "Secret": "refresh"}'""");
        Assert.Equal(new IdentityTokenCredential("refresh"), await helper.GetAsync("r.co", Cancellation));
    }

    [Theory]
    [InlineData("echo 'credentials not found in native keychain'; exit 1")]
    [InlineData("""echo '{"ServerURL": "", "Username": "", "Secret": ""}'""")]
    public async Task Helper_without_credential_means_none(string script) =>
        Assert.Null(await Helper(script).GetAsync("r.co", Cancellation));

    [Theory]
    [InlineData("echo topsecret; echo topsecret >&2; exit 3", "exit code 3")]
    [InlineData("echo topsecret", "not a credential in JSON")]
    [InlineData("""echo '["topsecret"]'""", "not a credential in JSON")]
    [InlineData("""echo '{"Username": 1, "Secret": "topsecret"}'""", "not a credential in JSON")]
    public async Task Helper_that_fails_is_an_error_that_shows_nothing_of_what_it_printed(string script, string why)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => Helper(script).GetAsync("r.co", Cancellation));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Contains("docker-credential-test", error.Message, StringComparison.Ordinal);
        Assert.Contains("the test's configuration", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("../test")]
    public async Task Helper_that_is_not_on_the_path_is_an_error(string name)
    {
        _folder.WriteProgram("docker-credential-test", "exit 0");
        var helper = new CredentialHelper(name, "the test's configuration", TestEnvironment.Of(_folder, ("PATH", _folder.Path)));
        var error = await Assert.ThrowsAsync<CraneException>(() => helper.GetAsync("r.co", Cancellation));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Contains("is not on the PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_that_cannot_be_run_is_an_error()
    {
        _folder.WriteProgram("docker-credential-test", "exit 0", UnixFileMode.UserRead);
        var error = await Assert.ThrowsAsync<CraneException>(() => Existing().GetAsync("r.co", Cancellation));
        Assert.Contains("could not be started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Helper_that_never_responds_is_killed()
    {
        _folder.WriteProgram("docker-credential-test", """echo $$ > "${0%/*}/pid"; sleep 600""");
        var error = await Assert.ThrowsAsync<CraneException>(
            () => Existing(TimeSpan.FromSeconds(1)).GetAsync("r.co", Cancellation));
        Assert.Contains("did not respond", error.Message, StringComparison.Ordinal);
        await AssertEndedAsync();
    }

    [Fact]
    public async Task Cancellation_ends_the_helper()
    {
        _folder.WriteProgram("docker-credential-test", """echo $$ > "${0%/*}/pid"; sleep 600""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = Existing().GetAsync("r.co", stop.Token);
        while (!File.Exists(Path.Combine(_folder.Path, "pid")))
            await Task.Delay(20, Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await AssertEndedAsync();
    }

    [Fact]
    public async Task Helper_that_fills_its_error_stream_before_it_reads_is_not_blocked()
    {
        var helper = Helper("""
            head -c 300000 /dev/zero >&2
            cat > /dev/null
            echo '{"Username": "bob", "Secret": "x"}'
            """);
        Assert.Equal(new PasswordCredential("bob", "x"), await helper.GetAsync("r.co", Cancellation));
    }

    [Fact]
    public async Task Output_of_a_helper_counts_even_if_a_program_it_started_keeps_the_stream()
    {
        var helper = Helper("""
            cat > /dev/null
            sleep 600 &
            echo $! > "${0%/*}/pid"
            echo '{"Username": "bob", "Secret": "x"}'
            """);
        Assert.Equal(new PasswordCredential("bob", "x"), await helper.GetAsync("r.co", Cancellation));
        using var left = System.Diagnostics.Process.GetProcessById(
            int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pid"), Cancellation), System.Globalization.CultureInfo.InvariantCulture));
        left.Kill();
    }

    [Fact]
    public async Task Helper_with_too_much_output_is_killed()
    {
        _folder.WriteProgram("docker-credential-test", """echo $$ > "${0%/*}/pid"; exec yes topsecret""");
        var error = await Assert.ThrowsAsync<CraneException>(() => Existing().GetAsync("r.co", Cancellation));
        Assert.Contains("printed too much output", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", error.ToString(), StringComparison.Ordinal);
        await AssertEndedAsync();
    }

    private CredentialHelper Helper(string script)
    {
        _folder.WriteProgram("docker-credential-test", script);
        return Existing();
    }

    private CredentialHelper Existing(TimeSpan? timeout = null) =>
        new("test", "the test's configuration", TestEnvironment.Of(_folder, ("PATH", $"/nowhere:{_folder.Path}")))
        {
            Timeout = timeout ?? TimeSpan.FromMinutes(1),
        };

    private async Task AssertEndedAsync()
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pid"), Cancellation)).Trim();
        while (Directory.Exists($"/proc/{pid}"))
            await Task.Delay(20, Cancellation);
    }
}
