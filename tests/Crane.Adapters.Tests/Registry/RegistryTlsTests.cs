using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Crane.Testing;

namespace Crane.Adapters.Tests.Registry;

/// <summary>Registries with TLS: whom we trust, and who we say that we are.</summary>
public sealed class RegistryTlsTests : IDisposable
{
    private readonly TlsAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Authority_of_the_crane_file_is_trusted()
    {
        await using var registry = await StartAsync();
        await using var client = new Client().Trusting(registry.Host, _authority);
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Theory]
    [InlineData("etc/certs.d")]
    [InlineData(".docker/certs.d")]
    [InlineData(".config/docker/certs.d")]
    [InlineData(".config/containers/certs.d")]
    public async Task Authority_in_a_folder_of_docker_or_podman_is_trusted(string folder)
    {
        await using var registry = await StartAsync();
        await using var client = new Client();
        client.Home.Write($"{folder}/{registry.Host}/corporate.crt", _authority.Pem);
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Authority_of_another_registry_is_not_trusted_for_this_one()
    {
        await using var registry = await StartAsync();
        await using var client = new Client();
        client.Home.Write("etc/certs.d/127.0.0.1/ca.crt", _authority.Pem);
        Assert.Equal(CraneErrorId.RegistryUnreachable, (await client.ErrorAsync(registry.Host)).Id);
    }

    [Fact]
    public async Task Unknown_authority_is_an_error_that_names_it_and_the_remedy()
    {
        await using var registry = await StartAsync();
        await using var client = new Client();
        var error = await client.ErrorAsync(registry.Host);
        Assert.Equal(CraneErrorId.RegistryUnreachable, error.Id);
        Assert.Equal(
            $"The TLS certificate of the registry '{registry.Host}' is not trusted: its certificate authority 'Crane test authority' is unknown.",
            error.Message);
        Assert.Contains($"certs.d/{registry.Host}/ca.crt", error.RecommendedAction!, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Another_authority_of_the_same_name_is_not_trusted()
    {
        using var impostor = new TlsAuthority();
        await using var registry = await StartAsync();
        await using var client = new Client().Trusting(registry.Host, impostor);
        Assert.Contains("is not trusted", (await client.ErrorAsync(registry.Host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_for_another_host_is_an_error_that_names_both()
    {
        await using var registry = await StartAsync(_authority.Issue("elsewhere", IPAddress.Parse("192.0.2.1")));
        await using var client = new Client().Trusting(registry.Host, _authority);
        Assert.Equal(
            $"The TLS certificate of the registry '{registry.Host}' is not trusted: it is for '192.0.2.1', not for '127.0.0.1'.",
            (await client.ErrorAsync(registry.Host)).Message);
    }

    [Theory]
    [InlineData(-2, -1, "it expired on ")]
    [InlineData(1, 2, "it is not valid before ")]
    public async Task Certificate_of_another_time_is_an_error_that_says_so(int fromDays, int toDays, string why)
    {
        using var certificate = SelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));
        await using var registry = await StartAsync(certificate);
        await using var client = new Client();
        client.Home.Write($"etc/certs.d/{registry.Host}/ca.crt", certificate.ExportCertificatePem());
        Assert.Contains(why, (await client.ErrorAsync(registry.Host)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_that_signed_itself_is_trusted_where_it_is_kept()
    {
        using var certificate = SelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var registry = await StartAsync(certificate);
        await using var client = new Client();
        client.Home.Write($"etc/certs.d/{registry.Host}/ca.crt", certificate.ExportCertificatePem());
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Insecure_registry_is_not_checked()
    {
        await using var registry = await StartAsync(_authority.Issue("elsewhere", IPAddress.Parse("192.0.2.1")));
        await using var client = new Client().With(new RegistrySetting { RegistryHost = registry.Host, Insecure = true });
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Client_certificate_is_shown_to_a_registry_that_asks()
    {
        using var bob = _authority.Issue("bob");
        await using var registry = await TestRegistry.StartAsync(
            new() { Tls = new(_authority.IssueLoopback()) { ClientAuthority = _authority } });
        await using var client = new Client();
        client.Home.Write($"etc/certs.d/{registry.Host}/ca.crt", _authority.Pem);
        client.Home.Write($"etc/certs.d/{registry.Host}/client.cert", bob.ExportCertificatePem());
        client.Home.Write($"etc/certs.d/{registry.Host}/client.key", TlsAuthority.KeyPem(bob));
        Assert.Equal(200, await client.StatusAsync(registry.Host, "/v2/"));
    }

    [Fact]
    public async Task Missing_client_certificate_is_an_error()
    {
        await using var registry = await TestRegistry.StartAsync(
            new() { Tls = new(_authority.IssueLoopback()) { ClientAuthority = _authority } });
        await using var client = new Client().Trusting(registry.Host, _authority);
        Assert.Equal(CraneErrorId.RegistryUnreachable, (await client.ErrorAsync(registry.Host)).Id);
    }

    [Theory]
    [InlineData("client.cert", "client.key")]
    [InlineData("client.key", "client.cert")]
    public async Task Half_a_client_certificate_is_an_error_that_names_the_other_half(string there, string missing)
    {
        using var bob = _authority.Issue("bob");
        await using var client = new Client();
        client.Home.Write($"etc/certs.d/127.0.0.1:1/{there}", there == "client.key" ? TlsAuthority.KeyPem(bob) : bob.ExportCertificatePem());
        var error = await client.ErrorAsync("127.0.0.1:1");
        Assert.Equal(CraneErrorId.CertificateInvalid, error.Id);
        Assert.Contains($"{there} for the registry '127.0.0.1:1' cannot be used: there is no {missing} beside it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authority_that_is_no_certificate_is_an_error_with_its_file()
    {
        await using var client = new Client();
        var path = client.Home.Write("etc/certs.d/127.0.0.1:1/ca.crt", "nothing");
        var error = await client.ErrorAsync("127.0.0.1:1");
        Assert.Equal(CraneErrorId.CertificateInvalid, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_service_of_the_same_authority_is_trusted_as_the_registry_is()
    {
        await using var tokens = await TokenService.StartAsync(
            new() { AllowsAnonymousPull = true, Tls = new(_authority.IssueLoopback()) });
        await using var registry = await TestRegistry.StartAsync(new() { Tls = new(_authority.IssueLoopback()), Tokens = tokens });
        await using var client = new Client().Trusting(registry.Host, _authority);
        Assert.Equal(404, await client.StatusAsync(registry.Host, "/v2/a/manifests/1", "a"));
    }

    private Task<TestRegistry> StartAsync(X509Certificate2? certificate = null) =>
        TestRegistry.StartAsync(new() { Tls = new(certificate ?? _authority.IssueLoopback()) });

    private static X509Certificate2 SelfSigned(DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=alone", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(from, to);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
