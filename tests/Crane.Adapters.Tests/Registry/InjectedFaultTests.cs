using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Faults on the way to a registry that itself is well: what a request recovers from without its caller.</summary>
public sealed class InjectedFaultTests
{
    private static readonly TestUser Bob = new("bob", "secret");

    /// <summary>Each with how often it strikes.</summary>
    public static TheoryData<string, int> Passing => new()
    {
        { "reset", 2 }, { "500", 4 }, { "429 in seconds", 1 }, { "503 by date", 1 }, { "401", 1 }, { "redirect", 1 }, { "silence", 1 },
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Fault_that_passes_is_not_noticed(string kind, int times)
    {
        await using var registry = await TestRegistry.StartAsync(new() { Users = [Bob] });
        await using var other = await TestRegistry.StartAsync();
        var fault = new Fault("GET", "/v2/a/*", Action(kind, other.Address)) { Times = times };
        await using var proxy = await FaultProxy.StartAsync(registry.Address, fault);
        await using var client = new Client { Timeouts = new() { Read = TimeSpan.FromSeconds(1) } }.With(proxy.Host, "bob", "secret");
        Assert.Equal(200, await client.StatusAsync(proxy.Host, "/v2/"));
        Assert.Equal(404, await client.StatusAsync(proxy.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(times, fault.Strikes);
        Assert.All(other.Requests.All, request => Assert.Null(request.Authorization));
    }

    [Fact]
    public async Task Token_that_is_refused_in_the_middle_is_renewed()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        var fault = new Fault("PATCH", "/v2/a/*", ResponseFault.Unauthorized());
        await using var proxy = await FaultProxy.StartAsync(registry.Address, fault);
        await using var client = new Client().With(proxy.Host, "bob", "secret");
        RegistryRequest Push(HttpMethod method, string path) => new(method, proxy.Host, path) { Scopes = [new RegistryScope("a", Push: true)] };

        using var session = await client.SendAsync(Push(HttpMethod.Post, "/v2/a/blobs/uploads/"));
        Assert.Equal(HttpStatusCode.Accepted, session.StatusCode);
        var place = new Uri(session.RequestMessage!.RequestUri!, session.Headers.Location!).ToString();
        using var taken = await client.SendAsync(Push(HttpMethod.Patch, place) with { IsRepeatable = false, Content = () => new StringContent("blob") });
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        Assert.Equal(1, fault.Strikes);
        Assert.Equal(2, tokens.Grants.Count);
    }

    private static FaultAction Action(string kind, Uri other) => kind switch
    {
        "reset" => ResponseFault.Reset(),
        "500" => ResponseFault.Status(500),
        "429 in seconds" => ResponseFault.RetryAfter(429, 1),
        "503 by date" => ResponseFault.RetryAfterDate(503, TimeSpan.FromSeconds(1)),
        "401" => ResponseFault.Unauthorized(),
        "redirect" => ResponseFault.Redirect(other),
        _ => ResponseFault.Silence(),
    };
}
