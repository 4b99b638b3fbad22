using System.Text.Json;
using Crane.Adapters.Credentials;
using Docker.DotNet.Models;

namespace Crane.Adapters.Engine;

/// <summary>The credentials for one request to an engine: the headers <c>X-Registry-Auth</c> and <c>X-Registry-Config</c>.</summary>
internal static class RegistryAuth
{
    /// <summary>The credential as docker's client sends it; an empty one for none.</summary>
    public static AuthConfig Of(RegistryCredential? credential, string registry)
    {
        var server = RegistryKey.Canonical(registry);
        return credential switch
        {
            PasswordCredential login => new() { Username = login.UserName, Password = login.Password, ServerAddress = server },
            IdentityTokenCredential login => new() { IdentityToken = login.Token, ServerAddress = server },
            BearerTokenCredential login => new() { RegistryToken = login.Token, ServerAddress = server },
            _ => new(),
        };
    }

    /// <summary>The value of <c>X-Registry-Auth</c>: JSON in base64 for URLs, padded; <c>{}</c> for none.</summary>
    public static string Header(RegistryCredential? credential, string registry) =>
        Encode(JsonSerializer.SerializeToUtf8Bytes(Of(credential, registry), EngineJson.Default.AuthConfig));

    /// <summary>
    /// The value of <c>X-Registry-Config</c>, with the credentials for all registries that a build may pull from; null where
    /// there is none to send.
    /// </summary>
    public static string? ConfigHeader(IReadOnlyDictionary<string, RegistryCredential> credentials)
    {
        if (credentials.Count == 0)
            return null;
        var entries = credentials.ToDictionary(entry => RegistryKey.Canonical(entry.Key), entry => Of(entry.Value, entry.Key));
        return Encode(JsonSerializer.SerializeToUtf8Bytes(entries, EngineJson.Default.DictionaryStringAuthConfig));
    }

    private static string Encode(byte[] json) => Convert.ToBase64String(json).Replace('+', '-').Replace('/', '_');
}
