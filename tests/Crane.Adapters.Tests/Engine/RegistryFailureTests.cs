using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

/// <summary>The words are those of real engines: overlay2's, containerd's, and podman's.</summary>
public sealed class RegistryFailureTests
{
    [Theory]
    [InlineData(500, "Head \"http://127.0.0.1:5002/v2/t/a/manifests/1\": no basic auth credentials")]
    [InlineData(401, "unauthorized: authentication required")]
    [InlineData(0, "unauthorized: authentication required")]
    [InlineData(0, "denied: requested access to the resource is denied")]
    [InlineData(404, "pull access denied for company/os, repository does not exist or may require 'docker login': denied: requested access to the resource is denied")]
    [InlineData(500, "failed to resolve reference \"127.0.0.1:5002/t/a:1\": pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials")]
    [InlineData(500, "unknown: failed to resolve reference \"127.0.0.1:5002/t/a:1\": unexpected status from HEAD request to http://127.0.0.1:5002/v2/t/a/manifests/1: 401 Unauthorized")]
    [InlineData(0, "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.docker.io/token: 403 Forbidden")]
    [InlineData(500, "Get \"https://r.co/v2/\": unauthorized: incorrect username or password")]
    [InlineData(403, "")]
    public void Refused_credentials(int status, string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.Unauthorized), RegistryFailure.Read(status, words));

    [Theory]
    [InlineData(404, "manifest unknown: manifest unknown")]
    [InlineData(404, "manifest for 127.0.0.1:5001/t/a:9 not found: manifest unknown: manifest unknown")]
    [InlineData(404, "failed to resolve reference \"127.0.0.1:5001/t/a:9\": 127.0.0.1:5001/t/a:9: not found")]
    [InlineData(0, "name unknown: repository name not known to registry")]
    [InlineData(500, "initializing source docker://r.co/t/a:9: reading manifest 9 in r.co/t/a: manifest unknown")]
    public void Absent_image(int status, string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.NotFound), RegistryFailure.Read(status, words));

    [Theory]
    [InlineData("Get \"http://127.0.0.1:5009/v2/\": dial tcp 127.0.0.1:5009: connect: connection refused")]
    [InlineData("Get \"https://r.co/v2/\": net/http: TLS handshake timeout")]
    [InlineData("Get \"https://r.co/v2/\": dial tcp 10.0.0.1:443: i/o timeout")]
    [InlineData("Get \"https://r.co/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)")]
    [InlineData("Put \"https://r.co/v2/t/a/blobs/uploads/1\": EOF")]
    [InlineData("unexpected EOF")]
    [InlineData("read tcp 10.0.0.2:4000->10.0.0.1:443: read: connection reset by peer")]
    [InlineData("received unexpected HTTP status: 503 Service Unavailable")]
    [InlineData("unknown: unexpected status from PUT request to https://r.co/v2/t/a/manifests/1: 500 Internal Server Error")]
    [InlineData("Get \"https://r.co/v2/\": dial tcp: lookup r.co on 10.0.0.53:53: server misbehaving")]
    public void Registry_that_is_down_for_a_while(string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.Unreachable, IsTransient: true), RegistryFailure.Read(500, words));

    [Theory]
    [InlineData(0, "toomanyrequests: You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit")]
    [InlineData(500, "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit")]
    [InlineData(500, "unexpected status from HEAD request to https://r.co/v2/t/a/manifests/1: 429 Too Many Requests")]
    [InlineData(0, "denied: toomanyrequests: Rate exceeded")]
    [InlineData(429, "")]
    public void Registry_with_a_rate_limit(int status, string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.Limited), RegistryFailure.Read(status, words));

    [Theory]
    [InlineData("Get \"https://nosuch.invalid/v2/\": dial tcp: lookup nosuch.invalid on 10.0.0.53:53: no such host")]
    [InlineData("Get \"https://r.co/v2/\": tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    [InlineData("Get \"https://r.co:5000/v2/\": http: server gave HTTP response to HTTPS client")]
    public void Registry_that_stays_unreachable(string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.Unreachable), RegistryFailure.Read(500, words));

    [Theory]
    [InlineData("tag does not exist: 127.0.0.1:5001/t/a:nope")]
    [InlineData("An image does not exist locally with the tag: 127.0.0.1:5001/t/absent")]
    public void Image_that_the_engine_does_not_have(string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.NotLocal), RegistryFailure.Read(0, words));

    [Fact]
    public void Image_that_the_engine_has_without_a_layer() => Assert.Equal(
        new RegistryFailure(RegistryFailureKind.ContentMissing),
        RegistryFailure.Read(0, "NotFound: content digest sha256:6405d05a8682349c10e6b23ba6ee5884e235cad3cbd5456f0e224be583cddd7c: not found"));

    [Theory]
    [InlineData("errors:\ndigest invalid\nmanifest blob unknown: blob unknown to registry\n")]
    [InlineData("error from registry: blob unknown to registry")]
    public void Registry_that_does_not_know_a_blob_for_a_while(string words) =>
        Assert.Equal(new(RegistryFailureKind.Other, IsTransient: true), RegistryFailure.Read(0, words));

    [Theory]
    [InlineData(0, "no matching manifest for linux/amd64 in the manifest list entries")]
    [InlineData(404, "no matching manifest for linux/amd64 in the manifest list entries: no match for platform in manifest: not found")]
    [InlineData(0, "write /var/lib/docker/tmp/x: no space left on device")]
    [InlineData(0, "unknown: unexpected status from HEAD request to http://r.co/v2/u/multi/manifests/2: 400 Bad Request")]
    public void Anything_else(int status, string words) =>
        Assert.Equal(new RegistryFailure(RegistryFailureKind.Other), RegistryFailure.Read(status, words));

    [Fact]
    public void Image_may_be_called_like_a_failure() => Assert.Equal(
        new RegistryFailure(RegistryFailureKind.NotFound),
        RegistryFailure.Read(404, "manifest for r.co/denied/unauthorized:eof not found: manifest unknown: manifest unknown"));
}
