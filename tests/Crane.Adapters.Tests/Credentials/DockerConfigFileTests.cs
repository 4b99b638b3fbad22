using System.Text;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Tests.Credentials;

public sealed class DockerConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Auth_is_user_and_password_in_base64() => Assert.Equal(
        new PasswordCredential("bob", "secret"), Config("""{"auths": {"r.co": {"auth": "Ym9iOnNlY3JldA=="}}}""").CredentialFor("r.co"));

    [Fact]
    public void Password_may_have_colons_and_letters_of_any_language()
    {
        var auth = Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:a:b:ключ"));
        Assert.Equal(
            new PasswordCredential("bob", "a:b:ключ"), Config($$"""{"auths": { "r.co": { "auth": "{{auth}}" } } }""").CredentialFor("r.co"));
    }

    [Fact]
    public void User_and_password_may_be_in_clear_text() => Assert.Equal(
        new PasswordCredential("bob", "secret"),
        Config("""{"auths": {"r.co": {"username": "bob", "password": "secret"}}}""").CredentialFor("r.co"));

    [Fact]
    public void Identity_token_comes_before_the_user_it_was_given_to() => Assert.Equal(
        new IdentityTokenCredential("token"),
        Config("""{"auths": {"r.co": {"auth": "MDAwOg==", "identitytoken": "token"}}}""").CredentialFor("r.co"));

    [Fact]
    public void Registry_token_is_a_bearer_token() => Assert.Equal(
        new BearerTokenCredential("token"), Config("""{"auths": {"r.co": {"registrytoken": "token"}}}""").CredentialFor("r.co"));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"auths": null}""")]
    [InlineData("""{"auths": {}}""")]
    [InlineData("""{"auths": {"r.co": {}}}""")]
    [InlineData("""{"auths": {"r.co": {"auth": ""}}}""")]
    [InlineData("""{"auths": {"other.co": {"auth": "Ym9iOnNlY3JldA=="}}}""")]
    [InlineData("")]
    public void Registry_without_entry_has_no_credential(string json) => Assert.Null(Config(json).CredentialFor("r.co"));

    [Fact]
    public void Docker_hub_is_found_under_the_key_that_docker_login_writes() => Assert.Equal(
        new PasswordCredential("bob", "secret"),
        Config("""{"auths": {"docker.io": {"auth": "eDp5"}, "https://index.docker.io/v1/": {"auth": "Ym9iOnNlY3JldA=="}}}""")
            .CredentialFor("docker.io"));

    [Fact]
    public void Byte_order_mark_of_windows_powershell_is_skipped()
    {
        File.WriteAllText(_home.Write(".docker/config.json", ""), """{"currentContext": "remote"}""", new UTF8Encoding(true));
        Assert.Equal("remote", DockerConfigFile.Load(TestEnvironment.Of(_home))!.CurrentContext);
    }

    [Fact]
    public void Docker_config_chooses_the_folder()
    {
        _home.Write("elsewhere/config.json", """{"credsStore": "pass"}""");
        var environment = TestEnvironment.Of(_home, ("DOCKER_CONFIG", Path.Combine(_home.Path, "elsewhere")));
        Assert.Equal("pass", DockerConfigFile.Load(environment)!.DefaultHelper);
    }

    [Fact]
    public void No_file_is_no_configuration() => Assert.Null(DockerConfigFile.Load(TestEnvironment.Of(_home)));

    [Theory]
    [InlineData("""{"auths": """)]
    [InlineData("""[]""")]
    [InlineData("""{"auths": {"r.co": {"auth": "Ym9iOnNlY3JldA=="}} """)]
    public void File_that_is_not_a_configuration_is_an_error_with_its_path_and_no_secret(string json)
    {
        var error = Assert.Throws<CraneException>(() => Config(json));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains(Path.Combine(_home.Path, ".docker", "config.json"), error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Ym9i", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auths": []}""", "auths is not")]
    [InlineData("""{"auths": {"r.co": 1}}""", "auths[\"r.co\"] is not")]
    [InlineData("""{"auths": {"r.co": {"auth": 1}}}""", "auths[\"r.co\"].auth is not a string")]
    [InlineData("""{"auths": {"r.co": {"auth": "%%%"}}}""", "auths[\"r.co\"].auth is not base64")]
    [InlineData("""{"auths": {"r.co": {"auth": "Ym9i"}}}""", "auths[\"r.co\"].auth is not the base64 of user:password")]
    [InlineData("""{"auths": {"r.co": {"auth": "\ud800"}}}""", "auths[\"r.co\"].auth contains an unpaired surrogate")]
    [InlineData("""{"auths": {"\ud800": {}}}""", "auths contains an unpaired surrogate")]
    public void Broken_entry_is_an_error_that_says_which(string json, string what)
    {
        var error = Assert.Throws<CraneException>(() => Config(json).CredentialFor("r.co"));
        Assert.Equal(CraneErrorId.DockerConfigInvalid, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_entry_of_another_registry_does_no_harm() =>
        Assert.Null(Config("""{"auths": {"other.co": {"auth": "%%%"}}}""").CredentialFor("r.co"));

    private DockerConfigFile Config(string json)
    {
        _home.Write(".docker/config.json", json);
        return DockerConfigFile.Load(TestEnvironment.Of(_home))!;
    }
}
