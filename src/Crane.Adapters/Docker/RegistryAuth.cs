using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Adapters.Credentials;

namespace Crane.Adapters.Docker;

/// <summary>
/// A credential that an engine is lent for one request: the headers <c>X-Registry-Auth</c> and <c>X-Registry-Config</c>.
/// </summary>
internal sealed record RegistryAuth(
    [property: JsonPropertyName("username")] string? UserName = null,
    [property: JsonPropertyName("password")] string? Password = null,
    [property: JsonPropertyName("identitytoken")] string? IdentityToken = null,
    [property: JsonPropertyName("registrytoken")] string? RegistryToken = null,
    [property: JsonPropertyName("serveraddress")] string? ServerAddress = null)
{
    /// <summary>The header's value: JSON in base64 for URLs, padded; <c>{}</c> to go without a credential.</summary>
    public static string Header(RegistryCredential? credential, string registry) =>
        Encode(JsonSerializer.SerializeToUtf8Bytes(Of(credential, registry), DockerJson.Default.RegistryAuth));

    /// <summary>
    /// The value of the header <c>X-Registry-Config</c>, with the credentials for all registries that a build may pull
    /// from; null where there is none to send.
    /// </summary>
    public static string? ConfigHeader(IReadOnlyDictionary<string, RegistryCredential> credentials)
    {
        if (credentials.Count == 0)
            return null;
        var entries = credentials.ToDictionary(entry => RegistryKey.Canonical(entry.Key), entry => Of(entry.Value, entry.Key));
        return Encode(JsonSerializer.SerializeToUtf8Bytes(entries, DockerJson.Default.DictionaryStringRegistryAuth));
    }

    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(RegistryAuth);

    private static RegistryAuth Of(RegistryCredential? credential, string registry)
    {
        var server = RegistryKey.Canonical(registry);
        return credential switch
        {
            PasswordCredential given => new RegistryAuth(given.UserName, given.Password, ServerAddress: server),
            IdentityTokenCredential given => new RegistryAuth(IdentityToken: given.Token, ServerAddress: server),
            BearerTokenCredential given => new RegistryAuth(RegistryToken: given.Token, ServerAddress: server),
            _ => new RegistryAuth(),
        };
    }

    private static string Encode(byte[] json) => Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
}
