using System.Net;
using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>What is tried again, when, and how often.</summary>
public sealed class RetryTests
{
    private readonly InstantTime _time = new();

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Transient_response_is_retried_with_growing_pauses(int status)
    {
        var busy = ScriptedResponse.Status(status);
        await using var registry = ScriptedServer.Start(busy, busy, busy, busy, ScriptedResponse.Ok("hello"));
        await using var client = new Client { Time = _time };
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal(4, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(8)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(416)]
    [InlineData(501)]
    public async Task Permanent_response_is_returned_at_once(int status)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok(), ScriptedResponse.Status(status, "why"));
        await using var client = new Client { Time = _time };
        await client.StatusAsync(registry.Host, "/v2/");
        Assert.Equal(status, await client.StatusAsync(registry.Host, "/v2/"));
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task Fifth_response_is_final_and_nobody_else_retries()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(503, """{"errors":[{"code":"UNAVAILABLE","message":"storage is full"}]}"""));
        await using var client = new Client { Time = _time };
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal($"The registry '{registry.Host}' returned 503 Status: UNAVAILABLE: storage is full.", error.Message);
        Assert.False(error.IsTransient);
        Assert.Equal(5, registry.Requests.Count);
    }

    [Fact]
    public async Task Broken_connection_is_retried()
    {
        await using var registry = ScriptedServer.Start(
            ScriptedResponse.Ok(), ScriptedResponse.Cut, new ScriptedResponse("HTTP/1.1 200 OK\r\nContent-", ScriptedEnd.Close), ScriptedResponse.Ok("hello"));
        await using var client = new Client { Time = _time };
        await client.StatusAsync(registry.Host, "/v2/");
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("Retry-After: 60", 60)]
    public async Task Pause_is_the_one_that_is_asked_for_in_seconds(string header, int seconds)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(429, "", header), ScriptedResponse.Ok("hello"));
        await using var client = new Client { Time = _time };
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal(TimeSpan.FromSeconds(seconds), _time.Pauses.FirstOrDefault());
    }

    [Fact]
    public async Task Pause_until_a_date_is_measured_by_the_servers_clock()
    {
        await using var registry = ScriptedServer.Start(
            ScriptedResponse.Status(503, "", "Date: Wed, 01 May 2024 12:00:00 GMT", "Retry-After: Wed, 01 May 2024 12:00:11 GMT"),
            ScriptedResponse.Ok("hello"));
        await using var client = new Client { Time = _time };
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal([TimeSpan.FromSeconds(11)], _time.Pauses);
        Assert.Contains($"retrying in 11.0 s: {registry.Host} returned 503", client.Steps, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Retry-After: 0", true)]
    [InlineData("Retry-After: Wed, 01 May 2024 12:00:11 GMT", true)]
    [InlineData("Retry-After: -5", false)]
    [InlineData("Retry-After: soon", false)]
    [InlineData("Retry-After: 99999999999999999999", false)]
    public async Task Pauses_are_made_even_if_none_are_asked_for(string header, bool isRead)
    {
        var busy = ScriptedResponse.Status(503, "", header);
        await using var registry = ScriptedServer.Start(busy, busy, busy, busy, ScriptedResponse.Ok("hello"));
        await using var client = new Client { Time = _time };
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
        Assert.Equal(4, _time.Pauses.Count);
        Assert.All(_time.Pauses, pause => Assert.True(pause > TimeSpan.Zero));
        if (isRead)
            Assert.Equal([0.25, 0.5, 1, 2], _time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Theory]
    [InlineData("""{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown"}]}""", 1)]
    [InlineData("""{"errors":[{"code":"UNKNOWN"},{"code":"MANIFEST_INVALID"}]}""", 1)]
    [InlineData("""{"errors":[{"code":"UNKNOWN","message":"unknown error"}]}""", 5)]
    [InlineData("""{"errors":[{"code":"TOOMANYREQUESTS"}]}""", 5)]
    [InlineData("<html>", 5)]
    [InlineData("", 5)]
    public async Task Server_error_that_is_a_refusal_is_not_retried(string body, int requests)
    {
        await using var registry = ScriptedServer.Start(request => request.Method == "PUT" ? ScriptedResponse.Status(500, body) : ScriptedResponse.Ok());
        await using var client = new Client { Time = _time };
        var put = new RegistryRequest(HttpMethod.Put, registry.Host, "/v2/a/manifests/1") { Content = () => new StringContent("{}") };
        if (requests == 1)
            Assert.Equal(500, (int)(await client.SendAsync(put)).StatusCode);
        else
            await Assert.ThrowsAsync<CraneException>(() => client.SendAsync(put));
        Assert.Equal(requests, registry.Requests.Count(request => request.Method == "PUT"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    [InlineData(200)]
    public async Task Shortcut_is_tried_once_and_any_response_is_returned(int status)
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok(), ScriptedResponse.Status(status, "", "Retry-After: 1"));
        await using var client = new Client { Time = _time };
        await client.StatusAsync(registry.Host, "/v2/");
        using var response = await client.SendAsync(Client.Reading(registry.Host, "/v2/a/blobs/x") with { IsShortcut = true });
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task Pause_that_is_too_long_is_reported_instead_of_waited_for()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(429, """{"errors":[{"code":"TOOMANYREQUESTS"}]}""", "Retry-After: 3600"));
        await using var client = new Client { Time = _time };
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal($"The registry '{registry.Host}' returned 429 Status: TOOMANYREQUESTS. It asks to wait 3600 seconds.", error.Message);
        Assert.Single(registry.Requests);
    }

    [Fact]
    public async Task Upload_that_is_deferred_before_it_began_is_sent_later()
    {
        var count = 0;
        await using var registry = ScriptedServer.Start(request => request.Method == "GET" ? ScriptedResponse.Ok()
            : ++count == 1 ? ScriptedResponse.Status(503, "", "Retry-After: 3", "Connection: close") : ScriptedResponse.Status(202));
        registry.ReadsBody = _ => count > 0;
        await using var client = new Client { Time = _time };
        using var response = await client.SendAsync(Upload(registry, new string('x', 1 << 20)));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(1 << 20, registry.Requests.Last().Body.Length);
        Assert.Contains(TimeSpan.FromSeconds(3), _time.Pauses);
    }

    [Fact]
    public async Task Upload_that_broke_in_mid_flight_is_left_to_its_sender_to_resume()
    {
        await using var registry = ScriptedServer.Start(request => request.Method == "GET" ? ScriptedResponse.Ok() : ScriptedResponse.Status(500));
        await using var client = new Client { Time = _time };
        var error = await Assert.ThrowsAsync<CraneException>(() => client.SendAsync(Upload(registry, "body")));
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.True(error.IsTransient);
        Assert.Equal(["GET", "PATCH"], registry.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task Upload_whose_source_fails_has_that_error()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok());
        await using var client = new Client { Time = _time };
        var error = new CraneException(CraneErrorId.PullFailed, "source");
        var upload = Upload(registry, "") with { Content = () => new StreamContent(new FailingStream(error)) };
        Assert.Same(error, await Assert.ThrowsAsync<CraneException>(() => client.SendAsync(upload)));
    }

    [Fact]
    public async Task Cancellation_ends_a_pause()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(429, "", "Retry-After: 60"));
        await using var client = new Client { Time = TimeProvider.System };
        using var stop = new CancellationTokenSource();
        var running = client.SendUntilAsync(Client.Reading(registry.Host, "/v2/"), stop.Token);
        while (!client.Steps.Contains("retrying", StringComparison.Ordinal))
            await Task.Yield();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static RegistryRequest Upload(ScriptedServer registry, string body) => new(HttpMethod.Patch, registry.Host, "/v2/a/blobs/uploads/1")
    {
        IsRepeatable = false,
        Size = body.Length,
        Content = () => new StringContent(body),
    };

    private sealed class FailingStream(CraneException error) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw error;

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw error;

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw error;
    }
}
