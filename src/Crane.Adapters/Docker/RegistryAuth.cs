using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Docker;

/// <summary>The credential that an engine is lent for one request: the header <c>X-Registry-Auth</c>.</summary>
internal sealed record RegistryAuth(
    [property: JsonPropertyName("username")] string? UserName = null,
    [property: JsonPropertyName("password")] string? Password = null,
    [property: JsonPropertyName("identitytoken")] string? IdentityToken = null,
    [property: JsonPropertyName("registrytoken")] string? RegistryToken = null,
    [property: JsonPropertyName("serveraddress")] string? ServerAddress = null)
{
    /// <summary>The header's value: JSON in base64 for URLs, padded; <c>{}</c> to go without a credential.</summary>
    public static string Header(RegistryCredential? credential, string registry)
    {
        var server = RegistryKey.Canonical(registry);
        var auth = credential switch
        {
            PasswordCredential given => new RegistryAuth(given.UserName, given.Password, ServerAddress: server),
            IdentityTokenCredential given => new RegistryAuth(IdentityToken: given.Token, ServerAddress: server),
            BearerTokenCredential given => new RegistryAuth(RegistryToken: given.Token, ServerAddress: server),
            _ => new RegistryAuth(),
        };
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(auth, DockerJson.Default.RegistryAuth))
            .Replace('+', '-').Replace('/', '_');
    }

    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(RegistryAuth);
}
