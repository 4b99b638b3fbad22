using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Registries that want the tokens of a token service.</summary>
public sealed class TokenAccessTests
{
    private static readonly TestUser Bob = new("bob", "s3cr:et") { MayDo = (repository, _) => !repository.StartsWith("private/", StringComparison.Ordinal) };

    [Fact]
    public async Task Token_is_issued_for_the_password_and_reused()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/2", "a"));
        var asked = Assert.Single(tokens.Requests.All);
        Assert.Equal("/token?service=test-registry&scope=repository%3Aa%3Apull&account=bob", asked.Path + asked.Query);
        Assert.Equal(4, client.RequestCount);
    }

    [Fact]
    public async Task Other_repository_takes_a_token_of_its_own_and_no_refusal()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        registry.Requests.Clear();
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/b/manifests/1", "b"));
        Assert.Equal([404], registry.Requests.All.Select(request => request.Status));
        Assert.Equal(2, tokens.Grants.Count);
    }

    [Fact]
    public async Task Token_to_push_is_enough_to_pull()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        var push = Client.Reading(registry.Host, "/v2/a/manifests/1") with { Scopes = [new RegistryScope("a", Push: true), new RegistryScope("b", Push: false)] };
        (await client.SendAsync(push)).Dispose();
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        await client.StatusAsync(registry.Host, "/v2/b/manifests/1", "b");
        Assert.Equal(["repository:a:pull,push", "repository:b:pull"], Assert.Single(tokens.Grants).Scopes.Select(scope => scope.ToString()));
    }

    [Fact]
    public async Task Requests_at_the_same_time_share_one_token_and_one_refusal()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(index => client.StatusAsync(registry.Host, $"/v2/a/manifests/{index}", "a")));
        Assert.All(statuses, status => Assert.Equal(404, status));
        Assert.Single(tokens.Grants);
        Assert.Single(registry.Requests.All, request => request.Status == 401);
    }

    [Fact]
    public async Task Waiting_for_a_token_ends_with_its_own_request_only()
    {
        var asked = new TaskCompletionSource();
        var released = new TaskCompletionSource();
        await using var tokens = ScriptedServer.Start(_ =>
        {
            asked.TrySetResult();
            released.Task.Wait(TestContext.Current.CancellationToken);
            return ScriptedResponse.Ok("""{"token":"t"}""");
        });
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer t"
            ? ScriptedResponse.Ok("hello") : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        using var stop = new CancellationTokenSource();
        var canceled = client.SendUntilAsync(Client.Reading(registry.Host, "/v2/a/manifests/1", "a"), stop.Token);
        await asked.Task;
        var waiting = client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        released.SetResult();
        Assert.Equal("hello", await waiting);
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task Token_is_renewed_before_it_expires()
    {
        var clock = new SettableTime();
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob], Lifetime = TimeSpan.FromSeconds(60), Clock = clock });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client { Time = clock }.With(registry.Host, "bob", "s3cr:et");
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        clock.Advance(TimeSpan.FromSeconds(45));
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Single(tokens.Grants);
        clock.Advance(TimeSpan.FromSeconds(8));
        registry.Requests.Clear();
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal([404], registry.Requests.All.Select(request => request.Status));
        Assert.Equal(2, tokens.Grants.Count);
    }

    [Fact]
    public async Task Token_that_expired_early_is_renewed_when_it_is_refused()
    {
        var clock = new SettableTime();
        await using var tokens = await TokenService.StartAsync(
            new() { Users = [Bob], Lifetime = TimeSpan.FromSeconds(2), TellsLifetime = false, Clock = clock });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Equal(2, tokens.Grants.Count);
    }

    [Fact]
    public async Task Token_that_was_issued_earlier_expires_earlier()
    {
        var (clock, count) = (new SettableTime(), 0);
        await using var tokens = ScriptedServer.Start(_ => ScriptedResponse.Status(
            200, $$"""{"token":"t{{++count}}","expires_in":300,"issued_at":"2024-05-01T12:00:00Z"}""", "Date: Wed, 01 May 2024 12:04:40 GMT"));
        await using var registry = ScriptedServer.Start(request => request.Authorization is not null
            ? ScriptedResponse.Ok(request.Authorization) : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client { Time = clock };
        Assert.Equal("Bearer t1", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal("Bearer t1", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Bearer t2", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    [Theory]
    [InlineData(true, "POST")]
    [InlineData(false, "GET")]
    public async Task Identity_token_is_exchanged_by_post_or_where_that_is_not_taken_by_get(bool takesPost, string last)
    {
        await using var tokens = ScriptedServer.Start(request => request.Method == "POST" && !takesPost
            ? ScriptedResponse.Status(404) : ScriptedResponse.Ok("""{"access_token":"t"}"""));
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer t"
            ? ScriptedResponse.Ok() : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\",service=\"s\""));
        await using var client = new Client().WithAuth(registry.Host, """{"identitytoken":"id"}""");
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        var asked = tokens.Requests.Last();
        Assert.Equal(last, asked.Method);
        if (takesPost)
            Assert.Equal("grant_type=refresh_token&refresh_token=id&client_id=crane&service=s&scope=repository%3Aa%3Apull", asked.Body);
        else
            Assert.Equal("Basic Omlk", asked.Authorization);
    }

    [Fact]
    public async Task Registry_token_is_sent_as_it_is()
    {
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer ready"
            ? ScriptedResponse.Ok("hello") : ScriptedResponse.Unauthorized("Bearer realm=\"http://127.0.0.1:1/token\""));
        await using var client = new Client().WithAuth(registry.Host, """{"registrytoken":"ready"}""");
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    [Fact]
    public async Task Anonymous_user_gets_tokens_where_the_service_issues_them()
    {
        await using var tokens = await TokenService.StartAsync(new() { AllowsAnonymousPull = true });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client();
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
        Assert.Null(Assert.Single(tokens.Requests.All).Authorization);
    }

    [Fact]
    public async Task Request_without_scopes_uses_those_that_the_registry_asks_for()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/_catalog"));
        Assert.Equal("registry:catalog:*", Assert.Single(Assert.Single(tokens.Grants).Scopes).ToString());
    }

    [Fact]
    public async Task Wrong_password_is_an_error_that_names_the_user_and_the_remedy()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "guess");
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Equal(
            $"The token service '{tokens.Realm.Authority}' of the registry '{registry.Host}' refused the user 'bob': "
            + "401 Unauthorized: UNAUTHORIZED: incorrect username or password.", error.Message);
        Assert.StartsWith("Check the user name and the password.", error.RecommendedAction!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Right_that_is_not_granted_is_an_error_that_names_user_and_repository()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [Bob] });
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var client = new Client().With(registry.Host, "bob", "s3cr:et");
        var error = await client.ErrorAsync(registry.Host, "/v2/private/x/manifests/1", "private/x");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.StartsWith($"The registry '{registry.Host}' does not allow the user 'bob' to pull from 'private/x': 401 Unauthorized", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Failing_token_service_is_retried()
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Status(503), ScriptedResponse.Cut, ScriptedResponse.Ok("""{"token":"t"}"""));
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer t"
            ? ScriptedResponse.Ok("hello") : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("""{"token":"a\nb"}""")]
    [InlineData("""{"token":"a\u0000b"}""")]
    [InlineData("""{"token":"\u00e9"}""")]
    [InlineData("[]")]
    [InlineData("""{"token":17}""")]
    [InlineData("""{"token":"\ud800"}""")]
    public async Task Response_without_a_token_is_an_error(string response)
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Ok(response));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.EndsWith("returned no usable token.", error.Message, StringComparison.Ordinal);
        Assert.Single(tokens.Requests);
    }

    [Theory]
    [InlineData("300")]
    [InlineData("\"300\"")]
    [InlineData("\"soon\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("1e999")]
    public async Task Token_is_used_whatever_its_expiry_says(string end)
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Ok($$"""{"token":"t","expires_in":{{end}},"issued_at":{{end}}}"""));
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer t"
            ? ScriptedResponse.Ok("hello") : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    [Fact]
    public async Task Web_page_is_no_token()
    {
        await using var tokens = ScriptedServer.Start(ScriptedResponse.Status(200, "<html>", "Content-Type: text/html"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal(
            $"The token service '{tokens.Host}' of the registry '{registry.Host}' returned a web page (text/html) instead of a token.", error.Message);
    }

    [Theory]
    [InlineData("a\u0000b")]
    [InlineData("\u00e9")]
    public async Task Token_that_no_header_can_carry_is_an_error_before_it_is_sent(string token)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized("Bearer realm=\"http://127.0.0.1:1/token\""));
        await using var client = new Client().WithAuth(registry.Host, System.Text.Json.JsonSerializer.Serialize(new { registrytoken = token }));
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task A_401_is_retried_by_its_own_challenge_whatever_others_were_told()
    {
        // Each repository has a service of its own, and both are refused at the same time.
        var refused = new CountdownEvent(2);
        await using var tokens = ScriptedServer.Start(request => ScriptedResponse.Ok($$"""{"token":"{{request.Target.Split("service=")[1].Split('&')[0]}}"}"""));
        await using var registry = ScriptedServer.Start(request =>
        {
            var name = request.Target.Split('/')[2];
            if (request.Target == "/v2/")
                return ScriptedResponse.Ok();
            if (request.Authorization == $"Bearer {name}")
                return ScriptedResponse.Ok(name);
            if (request.Authorization is null)
            {
                refused.Signal();
                refused.Wait(TestContext.Current.CancellationToken);
            }
            return ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\",service=\"{name}\"");
        });
        await using var client = new Client();
        await client.StatusAsync(registry.Host, "/v2/");
        Assert.Equal(["a", "b"], await Task.WhenAll(
            client.BodyAsync(registry.Host, "/v2/a/manifests/1", "a"), client.BodyAsync(registry.Host, "/v2/b/manifests/1", "b")));
    }

    [Fact]
    public async Task Endless_response_is_read_up_to_a_limit()
    {
        var token = $$"""{"more":"{{new string('x', 1024 * 1024)}}","token":"t"}""";
        await using var tokens = ScriptedServer.Start(
            new ScriptedResponse($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{token.Length:x}\r\n{token}\r\n", ScriptedEnd.Hang));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host, "/v2/a/manifests/1", "a");
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.EndsWith("returned no usable token.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_that_is_refused_is_sent_again_with_a_new_token()
    {
        var count = 0;
        await using var tokens = ScriptedServer.Start(_ => ScriptedResponse.Ok($$"""{"token":"t{{++count}}"}"""));
        await using var registry = ScriptedServer.Start(request => request.Authorization == "Bearer t2"
            ? ScriptedResponse.Status(202) : ScriptedResponse.Unauthorized($"Bearer realm=\"http://{tokens.Host}/token\""));
        registry.ReadsBody = request => request.Authorization == "Bearer t2";
        await using var client = new Client();
        var bodies = 0;
        using var response = await client.SendAsync(new RegistryRequest(HttpMethod.Patch, registry.Host, "/v2/a/blobs/uploads/1")
        {
            Scopes = [new RegistryScope("a", Push: true)],
            IsRepeatable = false,
            Size = 1_000_000,
            Content = () => new StringContent($"body {++bodies}"),
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        // The registry refused before it wanted the first.
        Assert.Equal("body 2", registry.Requests.Last().Body);
    }
}
