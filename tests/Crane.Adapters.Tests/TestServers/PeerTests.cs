using System.Text.Json;
using Crane.Testing;

namespace Crane.Adapters.Tests.TestServers;

/// <summary>The field's own clients take the test servers for the real thing.</summary>
public sealed class PeerTests
{
    private static readonly TokenServiceOptions Bob = new() { Users = [new("bob", "secret")] };

    [Fact]
    public async Task Skopeo_copies_an_index_and_crane_finds_it_whole()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var seeder = new RegistrySeeder(registry.Address);
        var index = await seeder.PutIndexAsync(
            "company/os", "1", await seeder.PutImageAsync("company/os"), await seeder.PutImageAsync("company/os", architecture: "arm64"));

        await TestbedProgram.RunAsync(
            "skopeo", "copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false",
            $"docker://{registry.Host}/company/os:1", $"docker://{registry.Host}/bob/os:2");

        Assert.Equal(index.Digest, await TestbedProgram.RunAsync("crane", "digest", "--insecure", $"{registry.Host}/bob/os:2"));
        await TestbedProgram.RunAsync("crane", "validate", "--insecure", "--remote", $"{registry.Host}/bob/os:2");
        Assert.Equal("bob/os\ncompany/os", await TestbedProgram.RunAsync("crane", "catalog", "--insecure", registry.Host));
        Assert.Equal("2", await TestbedProgram.RunAsync("crane", "ls", "--insecure", $"{registry.Host}/bob/os"));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Oras_attaches_and_finds_referrers(bool hasApi, int fallbackTags)
    {
        await using var registry = await TestRegistry.StartAsync(new() { HasReferrers = hasApi });
        using var seeder = new RegistrySeeder(registry.Address);
        var image = await seeder.PutImageAsync("a/b", "1");
        using var folder = new TemporaryFolder();
        var name = $"{registry.Host}/a/b:1";

        await TestbedProgram.RunAsync(
            "oras", "attach", "--plain-http", "--disable-path-validation", "--artifact-type", "test/sbom", name,
            folder.Write("sbom.json", "{}"));

        var found = await TestbedProgram.RunAsync("oras", "discover", "--plain-http", "--format", "json", name);
        var referrers = JsonDocument.Parse(found).RootElement.GetProperty("referrers");
        Assert.Equal("test/sbom", referrers.EnumerateArray().Single().GetProperty("artifactType").GetString());
        Assert.Equal(fallbackTags, registry.Requests.Like("PUT", $"*/manifests/sha256-{image.Digest[7..]}").Count);
    }

    [Fact]
    public async Task Skopeo_signs_in_with_tokens_and_with_a_password()
    {
        await using var tokens = await TokenService.StartAsync(Bob);
        await using var source = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var target = await TestRegistry.StartAsync(new() { Users = Bob.Users });
        await SeedAsync(source, tokens);

        await CopyAsync(source.Host, target.Host);

        Assert.Equal("bob", tokens.Grants.Last().Account);
        Assert.Contains("repository:a/b:pull", tokens.Grants.Last().Scopes.Select(scope => scope.ToString()));
    }

    [Fact]
    public async Task Crane_trusts_the_authority()
    {
        using var authority = new TlsAuthority();
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(new() { Tls = new(authority.IssueLoopback()) });
        var ca = folder.Write("ca.crt", authority.Pem);
        Assert.Equal("", await TestbedProgram.RunAsync($"SSL_CERT_FILE={ca}", "crane", "catalog", registry.Host));
    }

    [Fact]
    public async Task Docker_registry_takes_the_tokens()
    {
        await using var tokens = await TokenService.StartAsync(Bob with { RegistryLeeway = TimeSpan.FromSeconds(60) });
        await using var source = await TestRegistry.StartAsync(new() { Tokens = tokens });
        await using var target = await RealRegistry.StartAsync(tokens: tokens);
        await SeedAsync(source, tokens);
        await CopyAsync(source.Host, target.Host);
        Assert.Contains("repository:a/b:pull,push", tokens.Grants.SelectMany(grant => grant.Scopes).Select(scope => scope.ToString()));
    }

    private static async Task SeedAsync(TestRegistry registry, TokenService tokens)
    {
        using var seeder = new RegistrySeeder(registry.Address) { Authorization = new("Bearer", tokens.Issue(Scope.Repository("a/b", "pull", "push"))) };
        await seeder.PutImageAsync("a/b", "1");
    }

    private static Task<string> CopyAsync(string source, string target) => TestbedProgram.RunAsync(
        "skopeo", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--src-creds", "bob:secret", "--dest-creds", "bob:secret",
        $"docker://{source}/a/b:1", $"docker://{target}/a/b:1");
}
