using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Testing;

namespace Crane.Adapters.Tests.Transfer;

/// <summary>Copies between docker's registries that want passwords or tokens, over TLS of a private authority.</summary>
[Collection(nameof(WithoutCompany))]
public sealed class GuardedCopyTests
{
    private static TokenServiceOptions ShortLived => new()
    {
        Users = [new("bob", "secret")],
        Lifetime = TimeSpan.FromSeconds(2),
        RegistryLeeway = TimeSpan.FromSeconds(60),
    };

    [Fact]
    public async Task Tokens_that_expire_in_mid_copy_are_renewed()
    {
        await using var tokens = await TokenService.StartAsync(ShortLived);
        await using var source = await RealRegistry.StartAsync(tokens: tokens);
        await using var target = await RealRegistry.StartAsync(tokens: tokens);
        using var seeder = new RegistrySeeder(source.Address)
        {
            Authorization = new("Bearer", tokens.Issue(Scope.Repository("company/os", "pull", "push"))),
        };
        var image = await seeder.PutImageAsync("company/os", "1", "amd64", SampleLayer.Random(2_000_000));

        // Until the stall is noticed, the token has ended; what goes on needs another one, on both sides.
        var stall = new Fault("GET", "*/blobs/sha256*", DownloadFault.StallAfter(1_000_000)) { Times = 2 };
        await using var proxy = await FaultProxy.StartAsync(source.Address, stall);
        var credential = new NetworkCredential("bob", "secret");
        await using var job = new CopyJob(
            new RegistryTimeouts { Stall = TimeSpan.FromSeconds(3), Read = TimeSpan.FromSeconds(5), Write = TimeSpan.FromSeconds(5) },
            new Dictionary<string, NetworkCredential> { [proxy.Host] = credential, [target.Host] = credential });
        var outcome = await job.CopyAsync($"{proxy.Host}/company/os:1", $"{target.Host}/bob/os:1");

        Assert.Null(outcome.Error);
        Assert.Equal(image.Digest, outcome.Result.Digest);
        Assert.True(stall.Strikes > 0);
        Assert.True(tokens.Grants.Count > 2, $"{tokens.Grants.Count} tokens");
    }

    [Fact]
    public async Task A_401_in_mid_copy_is_followed_by_a_new_token()
    {
        await using var tokens = await TokenService.StartAsync(new() { Users = [new("bob", "secret")] });
        await using var source = await RealRegistry.StartAsync();
        await using var target = await RealRegistry.StartAsync(tokens: tokens);
        using var seeder = new RegistrySeeder(source.Address);
        var image = await seeder.PutImageAsync("company/os", "1", "amd64", SampleLayer.Random(200_000));
        await using var proxy = await FaultProxy.StartAsync(target.Address, new Fault("PUT", "*/manifests/*", ResponseFault.Unauthorized()));
        await using var job = new CopyJob(
            credentials: new Dictionary<string, NetworkCredential> { [proxy.Host] = new("bob", "secret") });

        var outcome = await job.CopyAsync($"{source.Host}/company/os:1", $"{proxy.Host}/bob/os:1");

        Assert.Null(outcome.Error);
        Assert.Equal(image.Digest, outcome.Result.Digest);
    }

    [Fact]
    public async Task A_password_over_TLS_of_a_private_authority_is_enough()
    {
        using var authority = new TlsAuthority();
        using var home = new TemporaryFolder();
        await using var source = await RealRegistry.StartAsync();
        await using var target = await RealRegistry.StartAsync(wantsPassword: true, tls: new ServerTls(authority.IssueLoopback()));
        using var seeder = new RegistrySeeder(source.Address);
        var image = await seeder.PutImageAsync("company/os", "1", "amd64", SampleLayer.Random(200_000));
        await using var job = new CopyJob(
            credentials: new Dictionary<string, NetworkCredential> { [target.Host] = new(Testbed.PersonalUser, Testbed.PersonalPassword) },
            settings: [new RegistrySetting { RegistryHost = target.Host, CertificateAuthority = home.Write("ca.crt", authority.Pem) }]);

        var outcome = await job.CopyAsync($"{source.Host}/company/os:1", $"{target.Host}/bob/os:1");

        Assert.Null(outcome.Error);
        Assert.Equal(image.Digest, (await job.CompleteAsync($"{target.Host}/bob/os:1"))?.ToString());
    }
}
