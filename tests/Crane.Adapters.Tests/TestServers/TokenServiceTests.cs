using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>The token service, and the test registry that wants its tokens.</summary>
public sealed class TokenServiceTests
{
    private static readonly TestUser Bob = new("bob", "secret");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_without_a_token_gets_a_challenge_with_realm_service_and_scope()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        using var client = new HttpClient { BaseAddress = registry.Address };
        Assert.Equal(
            $"Bearer realm=\"{tokens.Realm}\",service=\"test-registry\"",
            await ChallengeAsync(client, HttpMethod.Get, "/v2/"));
        Assert.Equal(
            $"Bearer realm=\"{tokens.Realm}\",service=\"test-registry\",scope=\"repository:a/b:pull,push repository:c:pull\"",
            await ChallengeAsync(client, HttpMethod.Post, "/v2/a/b/blobs/uploads/?mount=sha256:0&from=c"));
    }

    [Fact]
    public async Task Token_is_good_for_its_scope_only()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        using var client = new HttpClient { BaseAddress = registry.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", await GetTokenAsync(tokens, "repository:a/b:pull"));

        Assert.Null(await ChallengeAsync(client, HttpMethod.Get, "/v2/a/b/manifests/1"));
        var push = await ChallengeAsync(client, HttpMethod.Post, "/v2/a/b/blobs/uploads/");
        Assert.EndsWith("error=\"insufficient_scope\"", push, StringComparison.Ordinal);
        var other = await ChallengeAsync(client, HttpMethod.Get, "/v2/a/c/manifests/1");
        Assert.EndsWith("error=\"insufficient_scope\"", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_expires_and_no_forged_one_is_accepted()
    {
        var clock = new Clock();
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob], Lifetime = TimeSpan.FromSeconds(2), Clock = clock });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        using var client = new HttpClient { BaseAddress = registry.Address };
        var token = await GetTokenAsync(tokens, "repository:a/b:pull");

        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Null(await ChallengeAsync(client, HttpMethod.Get, "/v2/a/b/manifests/1"));
        clock.Now += TimeSpan.FromSeconds(2);
        var expired = await ChallengeAsync(client, HttpMethod.Get, "/v2/a/b/manifests/1");
        Assert.EndsWith("error=\"invalid_token\"", expired, StringComparison.Ordinal);

        clock.Now -= TimeSpan.FromSeconds(2);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token[..^4] + "AAAA");
        var forged = await ChallengeAsync(client, HttpMethod.Get, "/v2/a/b/manifests/1");
        Assert.EndsWith("error=\"invalid_token\"", forged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_gets_only_the_rights_it_has()
    {
        var reader = Bob with { MayDo = (repository, action) => action == "pull" && repository.StartsWith("a/", StringComparison.Ordinal) };
        await using var tokens = await TokenService.StartAsync(new() { Users = [reader] });
        await GetTokenAsync(tokens, "repository:a/b:pull,push", "repository:c:pull");
        Assert.Equal(["repository:a/b:pull"], tokens.Grants.Single().Scopes.Select(scope => scope.ToString()));
    }

    [Fact]
    public async Task Nobody_may_pull_where_that_is_allowed()
    {
        await using var tokens = await TokenService.StartAsync(new() { AllowsAnonymousPull = true });
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri($"{tokens.Realm}?service=test-registry&scope=repository:a/b:pull,push"), Cancellation);
        var grant = tokens.Grants.Single();
        Assert.Equal((null, "repository:a/b:pull"), (grant.Account, grant.Scopes.Single().ToString()));
    }

    [Fact]
    public async Task Identity_token_takes_the_place_of_the_password()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        var signedIn = await PostAsync(tokens, HttpStatusCode.OK, ("grant_type", "password"), ("username", "bob"), ("password", "secret"), ("access_type", "offline"));
        var identity = signedIn.GetProperty("refresh_token").GetString()!;
        await PostAsync(tokens, HttpStatusCode.OK, ("grant_type", "refresh_token"), ("refresh_token", identity), ("scope", "repository:a:pull repository:b:push"));
        var grant = tokens.Grants.Last();
        Assert.Equal(("refresh_token", "bob", 2), (grant.GrantType, grant.Account, grant.Scopes.Count));

        var refused = await PostAsync(tokens, HttpStatusCode.Unauthorized, ("grant_type", "refresh_token"), ("refresh_token", "guessed"));
        Assert.Equal("invalid_grant", refused.GetProperty("error").GetString());
    }

    private static async Task<string?> ChallengeAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request, Cancellation);
        return response.StatusCode == HttpStatusCode.Unauthorized ? response.Headers.WwwAuthenticate.Single().ToString() : null;
    }

    private static async Task<string> GetTokenAsync(TokenService tokens, params string[] scopes)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String("bob:secret"u8));
        var query = string.Concat(scopes.Select(scope => $"&scope={scope}"));
        var response = await client.GetFromJsonAsync<JsonElement>(
            new Uri($"{tokens.Realm}?service=test-registry{query}"), Cancellation);
        return response.GetProperty("token").GetString()!;
    }

    private static async Task<JsonElement> PostAsync(TokenService tokens, HttpStatusCode status, params (string Name, string Value)[] fields)
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent(
            fields.Append(("client_id", "tests")).Append(("service", "test-registry")).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var response = await client.PostAsync(tokens.Realm, form, Cancellation);
        Assert.Equal(status, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddYears(60);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
