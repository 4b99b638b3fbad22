using System.Net;
using Crane.Adapters.Registry.Http;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Bodies that come, break off, or stall.</summary>
public sealed class ResponseBodyTests
{
    private static readonly RegistryTimeouts Short = new() { Stall = TimeSpan.FromMilliseconds(300), Read = TimeSpan.FromMilliseconds(300), Write = TimeSpan.FromMilliseconds(300) };

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe")]
    public async Task Body_that_breaks_off_is_a_transient_error(string response)
    {
        await using var registry = ScriptedServer.Start(new ScriptedResponse(response, ScriptedEnd.Close));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.StartsWith($"The registry '{registry.Host}' broke off in the middle of a response", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Message_with_an_unpaired_surrogate_is_left_out()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Status(403, """{"errors":[{"code":"DENIED","message":"\ud800"}]}"""));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal(CraneErrorId.RegistryUnauthorized, error.Id);
        Assert.EndsWith("403 Status.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_stalls_is_a_transient_error()
    {
        await using var registry = ScriptedServer.Start(new ScriptedResponse("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell", ScriptedEnd.Hang));
        await using var client = new Client { Timeouts = Short };
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal($"The registry '{registry.Host}' sent nothing for 0.3 seconds in the middle of a response.", error.Message);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Missing_response_is_retried()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Ok(), ScriptedResponse.Silence, ScriptedResponse.Ok("hello"));
        await using var client = new Client { Timeouts = Short };
        await client.StatusAsync(registry.Host, "/v2/");
        Assert.Equal("hello", await client.BodyAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Response_that_never_comes_is_an_error_and_not_retried()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Silence);
        await using var client = new Client { Timeouts = Short };
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal($"The registry '{registry.Host}' did not respond within 0.3 seconds.", error.Message);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Upload_that_the_registry_no_longer_accepts_is_a_transient_error()
    {
        await using var registry = ScriptedServer.Start(request => request.Method == "GET" ? ScriptedResponse.Ok() : ScriptedResponse.Silence);
        registry.ReadsBody = request => request.Method == "GET";
        await using var client = new Client { Timeouts = new() { Stall = TimeSpan.FromMilliseconds(300) } };
        var upload = new RegistryRequest(HttpMethod.Patch, registry.Host, "/v2/a/blobs/uploads/1")
        {
            IsRepeatable = false,
            Content = () => new ByteArrayContent(new byte[64 << 20]),
        };
        var error = await Assert.ThrowsAsync<CraneException>(() => client.SendAsync(upload));
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Cancellation_ends_reading()
    {
        await using var registry = ScriptedServer.Start(new ScriptedResponse("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell", ScriptedEnd.Hang));
        await using var client = new Client();
        using var response = await client.GetAsync(registry.Host, "/v2/");
        using var stop = new CancellationTokenSource();
        var reading = response.Content.ReadAsStringAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Response_says_where_it_came_from_and_keeps_its_headers()
    {
        await using var storage = ScriptedServer.Start(ScriptedResponse.Status(206, "ell", "Content-Range: bytes 1-3/5", "Content-Type: text/x"));
        await using var registry = ScriptedServer.Start(ScriptedResponse.Redirect($"http://{storage.Host}/blob"));
        await using var client = new Client();
        using var response = await client.SendAsync(new(HttpMethod.Get, registry.Host, "/v2/a/blobs/x")
        {
            Range = new(1, 3),
            Accept = ["application/vnd.oci.image.index.v1+json", "text/x"],
        });
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"http://{storage.Host}/blob", response.RequestMessage!.RequestUri!.ToString());
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Equal("bytes 1-3/5", response.Content.Headers.ContentRange!.ToString());
        var asked = Assert.Single(storage.Requests);
        Assert.Equal("bytes=1-3", asked.Headers["Range"]);
        Assert.Equal("application/vnd.oci.image.index.v1+json, text/x", asked.Headers["Accept"]);
        Assert.StartsWith("Crane/", asked.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(307, "PUT", "body")]
    [InlineData(308, "PUT", "body")]
    [InlineData(303, "GET", "")]
    public async Task Redirect_keeps_method_and_body_unless_it_says_otherwise(int status, string method, string body)
    {
        await using var registry = ScriptedServer.Start(request => request.Target == "/there" || request.Target == "/v2/"
            ? ScriptedResponse.Ok() : ScriptedResponse.Redirect("/there", status));
        await using var client = new Client();
        using var response = await client.SendAsync(new(HttpMethod.Put, registry.Host, "/v2/a/manifests/1") { Content = () => new StringContent("body") });
        Assert.Equal((method, body), (registry.Requests.Last().Method, registry.Requests.Last().Body));
    }

    [Fact]
    public async Task Endless_redirects_are_an_error()
    {
        await using var registry = ScriptedServer.Start(ScriptedResponse.Redirect("/again"));
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal($"The registry '{registry.Host}' redirects more than 10 times in a row.", error.Message);
        Assert.Equal(11, registry.Requests.Count);
    }

    [Fact]
    public async Task Head_has_the_length_and_no_body()
    {
        await using var registry = ScriptedServer.Start(new ScriptedResponse("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nDocker-Content-Digest: sha256:x\r\n\r\n"));
        await using var client = new Client();
        using var response = await client.SendAsync(new(HttpMethod.Head, registry.Host, "/v2/a/manifests/1"));
        Assert.Equal(10, response.Content.Headers.ContentLength);
        Assert.Equal("", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
