using System.Net;
using System.Net.Sockets;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>Each fault is what it says, seen by a client that does nothing about it.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly byte[] _content = SampleLayer.Random(300_000).Content;
    private TestRegistry _registry = null!;
    private Uri _blob = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(_registry.Address);
        _blob = Path($"a/b/blobs/{await seeder.PutBlobAsync("a/b", _content)}");
    }

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    [Fact]
    public async Task Fault_strikes_only_the_requests_that_match()
    {
        var fault = new Fault("GET", "*/blobs/*", ResponseFault.Status(500)) { Skip = 1, Times = 2 };
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, fault);
        using var client = Client(proxy);
        var statuses = new List<int>();
        foreach (var method in (string[])["GET", "HEAD", "GET", "GET", "GET"])
            statuses.Add((await AskAsync(client, method, _blob)).Status);
        Assert.Equal([200, 200, 500, 500, 200], statuses);
        Assert.Equal(2, fault.Strikes);
    }

    [Fact]
    public async Task Reset_in_the_middle_of_a_blob_is_an_error_of_the_connection()
    {
        var (arrived, error) = await DownloadAsync(DownloadFault.ResetAfter(100_000));

        // A reset takes along what the connection had not delivered yet.
        Assert.InRange(arrived.Length, 0, 100_000);
        Assert.Equal(_content[..arrived.Length], arrived);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error?.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task Truncated_blob_ends_before_its_length()
    {
        var (arrived, error) = await DownloadAsync(DownloadFault.TruncateAfter(100_000));
        Assert.Equal(_content[..100_000], arrived);
        Assert.Equal(HttpRequestError.ResponseEnded, Assert.IsType<HttpIOException>(error).HttpRequestError);
    }

    [Fact]
    public async Task Shortened_blob_ends_as_if_all_were_well()
    {
        var (arrived, error) = await DownloadAsync(DownloadFault.ShortenTo(100_000));
        Assert.Null(error);
        Assert.Equal(_content[..100_000], arrived);
    }

    [Fact]
    public async Task Corrupted_blob_differs_in_one_byte()
    {
        var (arrived, error) = await DownloadAsync(DownloadFault.Corrupt(150_000));
        Assert.Null(error);
        Assert.Equal([150_000], Enumerable.Range(0, _content.Length).Where(index => arrived[index] != _content[index]));
    }

    [Theory]
    [InlineData(-100, HttpRequestError.Unknown)]
    [InlineData(100, HttpRequestError.ResponseEnded)]
    public async Task Wrong_length_is_announced(int difference, HttpRequestError expected)
    {
        var (arrived, error) = await DownloadAsync(DownloadFault.WrongLength(difference));
        Assert.Equal(_content[..(_content.Length + Math.Min(difference, 0))], arrived);
        Assert.Equal(expected, (error as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown);
    }

    [Fact]
    public async Task Stalled_blob_goes_no_further_until_the_client_leaves()
    {
        var fault = new Fault("GET", "*/blobs/*", DownloadFault.StallAfter(100_000));
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, fault);
        using var client = Client(proxy);
        using var response = await client.GetAsync(_blob, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.ReadExactlyAsync(new byte[100_000], Cancellation);
        await fault.Struck;
        var rest = body.ReadAsync(new byte[1], Cancellation);
        Assert.False(rest.IsCompleted);
        Assert.Equal(100_000, proxy.Requests.All.Single().BytesOut);
    }

    [Fact]
    public async Task Retry_is_asked_for_in_seconds_or_by_date()
    {
        await using var proxy = await FaultProxy.StartAsync(
            _registry.Address,
            new Fault("*", "*", ResponseFault.RetryAfter(429, 7)),
            new Fault("*", "*", ResponseFault.RetryAfterDate(503, TimeSpan.FromHours(1))));
        using var client = Client(proxy);
        using var first = await client.GetAsync(_blob, Cancellation);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (first.StatusCode, first.Headers.RetryAfter?.Delta));
        using var second = await client.GetAsync(_blob, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.InRange(second.Headers.RetryAfter!.Date!.Value, DateTimeOffset.UtcNow.AddMinutes(59), DateTimeOffset.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task Redirect_to_another_host_shows_whether_the_credential_was_sent()
    {
        await using var proxy = await FaultProxy.StartAsync(
            _registry.Address, new Fault("GET", "*/blobs/*", ResponseFault.Redirect(new Uri("http://localhost:1/"))));
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(proxy.Address, "/v2/") };
        using var response = await client.GetAsync(_blob, Cancellation);
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);

        var there = new UriBuilder(response.Headers.Location!) { Port = proxy.Address.Port }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, there);
        request.Headers.Authorization = new("Basic", "c2VjcmV0");
        using var blob = await client.SendAsync(request, Cancellation);
        Assert.Equal(_content, await blob.Content.ReadAsByteArrayAsync(Cancellation));
        var (first, second) = (proxy.Requests.All[0], proxy.Requests.All[1]);
        Assert.Equal((proxy.Host, null), (first.Host, first.Authorization));
        Assert.Equal(($"localhost:{proxy.Address.Port}", "Basic c2VjcmV0"), (second.Host, second.Authorization));
    }

    [Fact]
    public async Task Unauthorized_request_gets_the_challenge_of_the_registry()
    {
        await using var tokens = await TokenService.StartAsync();
        await using var registry = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var proxy = await FaultProxy.StartAsync(registry.Address, new Fault("PATCH", "*", ResponseFault.Unauthorized()));
        using var seeder = new RegistrySeeder(proxy.Address)
        {
            Authorization = new("Bearer", tokens.Issue(Scope.Repository("a/b", "pull", "push"))),
        };
        await seeder.PutBlobAsync("a/b", _content);

        using var client = Client(proxy);
        client.DefaultRequestHeaders.Authorization = seeder.Authorization;
        using var body = new ByteArrayContent(_content);
        using var response = await client.PatchAsync(Path("a/b/blobs/uploads/1"), body, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("scope=\"repository:a/b:pull,push\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_upload_stays_lost()
    {
        await using var proxy = await FaultProxy.StartAsync(
            _registry.Address, new Fault("PATCH", "*/blobs/uploads/*", UploadFault.LoseSession()));
        using var client = Client(proxy);
        using var begun = await client.PostAsync(Path("c/blobs/uploads/"), null, Cancellation);
        var session = begun.Headers.Location!;
        Assert.Equal(204, (await AskAsync(client, "GET", session)).Status);
        Assert.Equal(404, (await AskAsync(client, "PATCH", session)).Status);
        Assert.Equal(404, (await AskAsync(client, "GET", session)).Status);
    }

    [Fact]
    public async Task Upload_is_reset_with_at_most_a_part_of_it_at_the_registry()
    {
        var fault = new Fault("PATCH", "*", UploadFault.ResetAfter(200_000));
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, fault);
        using var client = Client(proxy);
        using var begun = await client.PostAsync(Path("c/blobs/uploads/"), null, Cancellation);
        using var body = new ByteArrayContent(_content);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PatchAsync(begun.Headers.Location, body, Cancellation));
        using var progress = await client.GetAsync(begun.Headers.Location, Cancellation);
        Assert.InRange(int.Parse(progress.Headers.GetValues("Range").Single()[2..], null), 0, 199_999);
    }

    [Fact]
    public async Task Mount_begins_an_upload()
    {
        await using var proxy = await FaultProxy.StartAsync(
            _registry.Address, new Fault("POST", "*/blobs/uploads/?mount=*", UploadFault.RefuseMount()));
        using var client = Client(proxy);
        var mount = Path($"c/blobs/uploads/?mount={_blob.ToString().Split('/')[^1]}&from=a/b");
        Assert.Equal(202, (await AskAsync(client, "POST", mount)).Status);
        Assert.Equal(201, (await AskAsync(client, "POST", mount)).Status);
    }

    [Fact]
    public async Task Manifest_of_any_size_is_streamed()
    {
        await using var proxy = await FaultProxy.StartAsync(
            _registry.Address, new Fault("GET", "*/manifests/*", ResponseFault.Flood(100_000_000, ManifestFormat.Oci.Manifest)));
        using var client = Client(proxy);
        using var response = await client.GetAsync(Path("a/b/manifests/1"), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await body.CopyToAsync(Stream.Null, Cancellation);
        Assert.Equal(100_000_000, proxy.Requests.All.Single().BytesOut);
    }

    [Fact]
    public async Task Without_faults_dockers_registry_is_unchanged_even_behind_tls()
    {
        using var authority = new TlsAuthority();
        using var folder = new TemporaryFolder();
        await using var registry = await RealRegistry.StartAsync(tls: new(authority.IssueLoopback()));
        await using var proxy = await FaultProxy.StartAsync(
            registry.Address, new FaultProxyOptions { UpstreamAuthority = authority, Tls = new(authority.IssueLoopback()) });
        using var seeder = new RegistrySeeder(_registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1", "amd64", SampleLayer.Random(3_000_000));
        folder.Write("ca.crt", authority.Pem);

        await TestbedProgram.RunAsync(
            "skopeo", "copy", "--src-tls-verify=false", "--dest-cert-dir", folder.Path,
            $"docker://{_registry.Host}/a/b:1", $"docker://{proxy.Host}/c/d:1");

        var ca = $"SSL_CERT_FILE={folder.Path}/ca.crt";
        Assert.Equal(image.Digest, await TestbedProgram.RunAsync(ca, "crane", "digest", $"{registry.Host}/c/d:1"));
        await TestbedProgram.RunAsync(ca, "crane", "validate", "--remote", $"{proxy.Host}/c/d:1");
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);

    private static HttpClient Client(FaultProxy proxy) => new() { BaseAddress = new Uri(proxy.Address, "/v2/") };

    private static async Task<(int Status, byte[] Body)> AskAsync(HttpClient client, string method, Uri path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    /// <summary>What arrives of the blob, and the error that ended it.</summary>
    private async Task<(byte[] Arrived, Exception? Error)> DownloadAsync(FaultAction action)
    {
        await using var proxy = await FaultProxy.StartAsync(_registry.Address, new Fault("GET", "*/blobs/*", action));
        using var client = Client(proxy);
        using var response = await client.GetAsync(_blob, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        using var arrived = new MemoryStream();
        try
        {
            await body.CopyToAsync(arrived, Cancellation);
            return (arrived.ToArray(), null);
        }
        catch (IOException error)
        {
            return (arrived.ToArray(), error);
        }
    }
}
