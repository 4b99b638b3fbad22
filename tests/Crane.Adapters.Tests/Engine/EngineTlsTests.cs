using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Crane.Adapters.Engine;
using Crane.Moving.Engine;
using Crane.Testing;

namespace Crane.Adapters.Tests.Engine;

/// <summary>Engines on TCP with TLS: a small server plays the engine, with certificates made on the spot.</summary>
public sealed class EngineTlsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TlsAuthority _authority = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _home.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Engine_is_trusted_by_its_authority_and_shown_the_clients_certificate()
    {
        using var client = _authority.Issue("bob");
        WriteCertificates(_authority.Pem, client);
        var (opening, subject) = Serve(_authority.Issue("engine", IPAddress.Loopback));
        await using var store = await opening;
        Assert.Equal("CN=bob", await subject);
    }

    [Fact]
    public async Task Engine_of_another_authority_is_refused()
    {
        using var other = new TlsAuthority();
        WriteCertificates(other.Pem, null);
        var (opening, _) = Serve(_authority.Issue("engine", IPAddress.Loopback));
        await AssertRefusedAsync(opening);
    }

    [Fact]
    public async Task Engine_with_a_certificate_for_another_host_is_refused()
    {
        WriteCertificates(_authority.Pem, null);
        var (opening, _) = Serve(_authority.Issue("engine", IPAddress.Parse("192.0.2.1")));
        await AssertRefusedAsync(opening);
    }

    [Fact]
    public void Authority_that_is_no_certificate_is_an_error_with_its_file() =>
        AssertUnusable(_home.Write("ca.pem", "nothing"));

    [Fact]
    public void Certificate_without_its_key_is_an_error_with_its_file()
    {
        using var client = _authority.Issue("bob");
        AssertUnusable(_home.Write("cert.pem", client.ExportCertificatePem()));
    }

    [Fact]
    public void Key_of_another_certificate_is_an_error()
    {
        using var client = _authority.Issue("bob");
        using var other = _authority.Issue("eve");
        _home.Write("key.pem", TlsAuthority.KeyPem(other));
        AssertUnusable(_home.Write("cert.pem", client.ExportCertificatePem()));
    }

    private static async Task AssertRefusedAsync(Task<IImageStore> opening)
    {
        var error = await Assert.ThrowsAsync<CraneException>(() => opening);
        Assert.Equal(CraneErrorId.EngineUnreachable, error.Id);
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
    }

    private void AssertUnusable(string path)
    {
        var error = Assert.Throws<CraneException>(() => new EngineTls(_home.Path, Verify: true).Options());
        Assert.Equal(CraneErrorId.CertificateInvalid, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private void WriteCertificates(string authority, X509Certificate2? client)
    {
        _home.Write("ca.pem", authority);
        if (client is null)
            return;
        _home.Write("cert.pem", client.ExportCertificatePem());
        _home.Write("key.pem", TlsAuthority.KeyPem(client));
    }

    /// <summary>Opens a store at a server with that certificate; the subject is that of the client's certificate.</summary>
    private (Task<IImageStore> Opening, Task<string?> Subject) Serve(X509Certificate2 certificate)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var subject = HandleAsync(listener, certificate);
        var environment = TestEnvironment.Of(
            _home, ("DOCKER_HOST", $"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", _home.Path));
        var request = new StoreRequest(null, new Dictionary<string, NetworkCredential>());
        return (DockerEngine.OpenAsync(request, environment, Cancellation), subject);
    }

    private static async Task<string?> HandleAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using (listener)
        using (certificate)
        {
            using var connection = await listener.AcceptTcpClientAsync(Cancellation);
            // The server takes a client of any authority, or none; the client is what is tested.
            await using var stream = new SslStream(
                connection.GetStream(), false, (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNameMismatch);
            var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, ClientCertificateRequired = true };
            await stream.AuthenticateAsServerAsync(options, Cancellation);
            _ = await stream.ReadAsync(new byte[4096], Cancellation);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(FakeEngine.Pong), Cancellation);
            return stream.RemoteCertificate?.Subject;
        }
    }
}
