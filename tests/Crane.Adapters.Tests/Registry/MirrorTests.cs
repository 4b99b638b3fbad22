namespace Crane.Adapters.Tests.Registry;

/// <summary>Mirrors are read first, and never stand in the way.</summary>
public sealed class MirrorTests
{
    [Fact]
    public async Task Mirror_is_read_in_place_of_the_registry()
    {
        await using var mirror = ScriptedServer.Start(ScriptedResponse.Ok("mirrored"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host);
        Assert.Equal("mirrored", await ReadAsync(client, registry));
        Assert.Empty(registry.Requests);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Mirror_that_does_not_have_it_is_passed_over(int status)
    {
        await using var mirror = ScriptedServer.Start(ScriptedResponse.Status(status));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host);
        Assert.Equal("original", await ReadAsync(client, registry));
        Assert.Equal("original", await ReadAsync(client, registry));
        Assert.Equal(2, mirror.Requests.Count);
    }

    [Fact]
    public async Task Mirror_that_is_down_is_asked_once_and_the_next_one_is_used()
    {
        await using var dead = ScriptedServer.Start(ScriptedResponse.Cut);
        await using var mirror = ScriptedServer.Start(ScriptedResponse.Ok("mirrored"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, dead.Host, mirror.Host);
        Assert.Equal("mirrored", await ReadAsync(client, registry));
        var asked = dead.Requests.Count;
        Assert.Equal("mirrored", await ReadAsync(client, registry));
        Assert.Equal(asked, dead.Requests.Count);
    }

    [Fact]
    public async Task Mirror_gets_its_own_credential_and_not_the_registrys()
    {
        await using var mirror = ScriptedServer.Start(request => request.Authorization is null
            ? ScriptedResponse.Unauthorized("Basic realm=\"m\"") : ScriptedResponse.Ok(request.Authorization));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host).With(registry.Host, "bob", "registry").With(mirror.Host, "bob", "mirror");
        Assert.Equal("Basic Ym9iOm1pcnJvcg==", await ReadAsync(client, registry));
    }

    [Fact]
    public async Task Mirror_without_a_credential_of_its_own_gets_none()
    {
        await using var mirror = ScriptedServer.Start(ScriptedResponse.Unauthorized("Basic realm=\"m\""));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host).With(registry.Host, "bob", "registry");
        Assert.Equal("original", await ReadAsync(client, registry));
        Assert.All(mirror.Requests, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Path_prefix_of_a_mirror_comes_in_front_of_repository_and_scope()
    {
        await using var tokens = ScriptedServer.Start(request => ScriptedResponse.Ok($"{{\"token\":\"{request.Target}\"}}"));
        await using var mirror = ScriptedServer.Start(request => request.Authorization is null
            ? ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\"") : ScriptedResponse.Ok($"{request.Target} {request.Authorization}"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, $"http://{mirror.Host}/hub/");
        Assert.Equal("/v2/hub/a/manifests/1 Bearer /token?scope=repository%3Ahub%2Fa%3Apull", await ReadAsync(client, registry));
    }

    [Fact]
    public async Task Address_that_a_mirror_gave_is_read_from_it()
    {
        await using var mirror = ScriptedServer.Start(request => request.Authorization is null
            ? ScriptedResponse.Unauthorized("Basic realm=\"m\"") : ScriptedResponse.Ok(request.Target));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host).With(mirror.Host, "bob", "mirror");
        await ReadAsync(client, registry);
        Assert.Equal("/v2/a/tags/list?n=2", await ReadAsync(client, registry, $"http://{mirror.Host}/v2/a/tags/list?n=2"));
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task What_is_written_goes_past_the_mirrors()
    {
        await using var mirror = ScriptedServer.Start(ScriptedResponse.Ok("mirrored"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok("original"));
        await using var client = Mirrored(registry, mirror.Host);
        Assert.Equal("original", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Empty(mirror.Requests);
    }

    [Theory]
    [InlineData("http://mirror.example.com", CraneErrorId.InvalidValue)]
    [InlineData("mirror", CraneErrorId.InvalidRegistry)]
    [InlineData("", CraneErrorId.InvalidRegistry)]
    public async Task Mirror_that_cannot_be_used_is_an_error(string mirror, CraneErrorId id)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok());
        await using var client = Mirrored(registry, mirror);
        Assert.Equal(id, (await Assert.ThrowsAsync<CraneException>(() => ReadAsync(client, registry))).Id);
    }

    private static Client Mirrored(ScriptedServer registry, params string[] mirrors) =>
        new Client().With(new RegistrySetting { RegistryHost = registry.Host, Mirror = mirrors });

    private static async Task<string> ReadAsync(Client client, ScriptedServer registry, string path = "/v2/a/manifests/1")
    {
        using var response = await client.SendAsync(Client.Reading(registry.Host, path, "a") with { MayUseMirror = true });
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
