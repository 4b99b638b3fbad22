using System.Diagnostics;
using Crane.Testing;

namespace Crane.Adapters.Tests;

/// <summary>Docker's own registry of the testbed, empty, for one test: open, or with whatever guards it.</summary>
internal sealed class RealRegistry : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _draining;

    private RealRegistry(Process process, Uri address, string folder)
    {
        (_process, Address, Folder) = (process, address, folder);
        _draining = Task.WhenAll(process.StandardError.BaseStream.CopyToAsync(Stream.Null), process.StandardOutput.BaseStream.CopyToAsync(Stream.Null));
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Address { get; }

    /// <summary>Host and port, as names of images begin with.</summary>
    public string Host => Address.Authority;

    /// <summary>Its files.</summary>
    public string Folder { get; }

    /// <summary>Starts one.</summary>
    /// <param name="wantsPassword">Whether it wants <see cref="Testbed.PersonalUser"/> with the password, as Basic authentication.</param>
    /// <param name="tokens">
    /// Whose tokens it wants. It takes a token for 60 seconds after its end, which the service's
    /// <see cref="TokenServiceOptions.RegistryLeeway"/> makes up for.
    /// </param>
    /// <param name="tls">What it serves TLS with.</param>
    public static async Task<RealRegistry> StartAsync(bool wantsPassword = false, TokenService? tokens = null, ServerTls? tls = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateDirectory(Path.Combine(Testbed.Folder, $"registry-{Guid.NewGuid():n}")).FullName;
        var lines = new List<string>
        {
            "version: 0.1",
            "log: { level: info, accesslog: { disabled: true } }",
            $"storage: {{ filesystem: {{ rootdirectory: {folder}/data }}, delete: {{ enabled: true }} }}",
            "http:",
            "  addr: 127.0.0.1:0",
        };
        if (tls is not null)
            lines.AddRange(Tls(folder, tls));
        if (wantsPassword)
            lines.Add($"auth: {{ htpasswd: {{ realm: test, path: {Testbed.Folder}/htpasswd }} }}");
        if (tokens is not null)
        {
            var bundle = Write(folder, "tokens.crt", tokens.CertificatePem);
            lines.Add(
                $"auth: {{ token: {{ realm: '{tokens.Realm}', service: {tokens.Options.Service}, "
                + $"issuer: {tokens.Options.Issuer}, rootcertbundle: {bundle} }} }}");
        }
        var configuration = Write(folder, "registry.yml", string.Join('\n', lines));
        var process = TestbedProgram.Start(
            "sh", "-c", "exec \"$(command -v docker-registry || command -v registry)\" serve \"$0\"", configuration);
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            said.Add(line);
            if (line.Split("listening on ") is [_, var rest])
            {
                var host = rest.Split(',', '"')[0];
                return new RealRegistry(process, new Uri($"{(tls is null ? "http" : "https")}://{host}"), folder);
            }
        }
        throw new InvalidOperationException($"The registry did not start: {string.Join('\n', said)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _draining;
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static IEnumerable<string> Tls(string folder, ServerTls tls)
    {
        yield return "  tls:";
        yield return $"    certificate: {Write(folder, "server.crt", tls.Certificate.ExportCertificatePem())}";
        yield return $"    key: {Write(folder, "server.key", TlsAuthority.KeyPem(tls.Certificate))}";
        if (tls.ClientAuthority is not null)
            yield return $"    clientcas: [{Write(folder, "clients.crt", tls.ClientAuthority.Pem)}]";
    }

    private static string Write(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
