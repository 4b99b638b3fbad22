using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Registries that want a user name and a password with each request.</summary>
public sealed class BasicAccessTests
{
    [Fact]
    public async Task Password_is_shown_when_it_is_asked_for_and_from_then_on()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "s3cr:et")] });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/b/manifests/1", "b"));
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
        Assert.Equal([401, 404, 404, 200], registry.Requests.All.Select(request => request.Status));
    }

    [Fact]
    public async Task Wrong_password_is_an_error_that_names_the_user()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        await using var client = new Client().With(registry.Host, "bob", "guess");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Equal(
            $"The registry '{registry.Host}' does not allow the user 'bob' to pull from 'a': 401 Unauthorized: UNAUTHORIZED: authentication required.",
            error.Message);
        Assert.Equal(2, client.RequestCount);
    }

    [Fact]
    public async Task No_password_is_an_error_that_says_so()
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [new("bob", "secret")] });
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Equal($"The registry '{registry.Host}' requires a user name and password, but none are known for it.", error.Message);
    }

    [Fact]
    public async Task Forbidden_is_an_error_with_the_registrys_words()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(
            403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"quota\\u001b[31m exceeded.\"}]}"));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Equal(
            $"The registry '{registry.Host}' does not allow an anonymous user to pull from 'a': 403 Status: DENIED: quota [31m exceeded.", error.Message);
    }

    [Fact]
    public async Task Password_that_was_accepted_before_is_sent_once_more()
    {
        await using var registry = ScriptedServer.Start(
            ScriptedResponse.Unauthorized("Basic realm=\"r\""), ScriptedResponse.Ok("one"),
            ScriptedResponse.Status(401), ScriptedResponse.Ok("two"), ScriptedResponse.Status(401));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        Assert.Equal("one", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal("two", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal(CraneErrorId.RegistryUnauthorized, (await client.ErrorAsync(registry.Host)).Id);
        Assert.Equal(6, registry.Requests.Count);
    }

    [Fact]
    public async Task Refusal_without_a_challenge_is_an_error()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized("Negotiate", "Digest realm=\"r\""));
        await using var client = new Client().With(registry.Host, "bob", "secret");
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal($"The registry '{registry.Host}' refused, and offered no supported way to log in: 401 Status.", error.Message);
    }
}
