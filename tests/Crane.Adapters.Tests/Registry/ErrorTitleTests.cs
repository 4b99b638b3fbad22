using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>An error names the host that does not respond, and what it is to the registry.</summary>
public sealed class ErrorTitleTests
{
    [Fact]
    public async Task Host_of_a_redirect_is_named()
    {
        var dead = await DeadAsync();
        await using var registry = ScriptedServer.Start(ScriptedResponse.Redirect($"http://{dead}/blob"));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x", "a");
        Assert.Equal($"The host '{dead}', to which the registry '{registry.Host}' redirects, could not be reached: Connection refused.", error.Message);
    }

    [Fact]
    public async Task Host_of_a_redirect_that_is_busy_is_named()
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Status(503));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Redirect($"http://{storage.Host}/blob"));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/blobs/x", "a");
        Assert.Equal($"The host '{storage.Host}', to which the registry '{registry.Host}' redirects, returned 503 Status.", error.Message);
    }

    [Fact]
    public async Task Host_of_an_upload_is_named()
    {
        var dead = await DeadAsync();
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok());
        await using var client = new Client();
        var upload = new RegistryRequest(HttpMethod.Put, registry.Host, $"http://{dead}/upload") { Content = () => new StringContent("blob") };
        var error = await Assert.ThrowsAsync<CraneException>(() => client.SendAsync(upload));
        Assert.Equal($"The upload host '{dead}' of the registry '{registry.Host}' could not be reached: Connection refused.", error.Message);
    }

    [Fact]
    public async Task Token_service_is_named()
    {
        var dead = await DeadAsync();
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{dead}/token\""));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal($"The token service '{dead}' of the registry '{registry.Host}' could not be reached: Connection refused.", error.Message);
    }

    [Fact]
    public async Task Proxy_is_named_with_its_variable()
    {
        var dead = await DeadAsync();
        await using var client = new Client().WithVariable("HTTPS_PROXY", $"http://bob:secret@{dead}");
        var error = await client.ErrorAsync("registry.example.com");
        Assert.Equal(
            $"The proxy '{dead}' of HTTPS_PROXY, used for the registry 'registry.example.com', could not be reached: Connection refused.",
            error.Message);
        Assert.Contains("Check the variable", error.RecommendedAction!, StringComparison.Ordinal);
    }

    /// <summary>An address where nothing listens.</summary>
    private static async Task<string> DeadAsync()
    {
        var server = ScriptedServer.Start(ScriptedResponse.Ok());
        await server.DisposeAsync();
        return server.Host;
    }
}
