using System.Text;
using System.Text.Json;
using Crane.Adapters.Credentials;
using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

public sealed class RegistryAuthTests
{
    [Fact]
    public void Header_is_json_in_url_safe_base64()
    {
        var header = RegistryAuth.Header(new PasswordCredential("bob", "??>>ÿÿ"), "r.co:5000");
        Assert.DoesNotContain('+', header);
        Assert.DoesNotContain('/', header);
        using var json = JsonDocument.Parse(Decode(header));
        Assert.Equal("bob", json.RootElement.GetProperty("username").GetString());
        Assert.Equal("??>>ÿÿ", json.RootElement.GetProperty("password").GetString());
        Assert.Equal("r.co:5000", json.RootElement.GetProperty("serveraddress").GetString());
    }

    [Fact]
    public void Identity_token_goes_without_a_user() => Assert.Equal(
        """{"serveraddress":"https://index.docker.io/v1/","identitytoken":"refresh"}""",
        Decode(RegistryAuth.Header(new IdentityTokenCredential("refresh"), "docker.io")));

    [Fact]
    public void Bearer_token_is_the_registrys() => Assert.Equal(
        """{"serveraddress":"r.co","registrytoken":"bearer"}""",
        Decode(RegistryAuth.Header(new BearerTokenCredential("bearer"), "r.co")));

    [Fact]
    public void Anonymous_is_an_empty_object() => Assert.Equal("{}", Decode(RegistryAuth.Header(null, "r.co")));

    private static string Decode(string header) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
}
