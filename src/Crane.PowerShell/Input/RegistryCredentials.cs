using System.Collections;
using System.Net;
using Crane.Names;
using Crane.Planning;

namespace Crane.Input;

/// <summary>Reads the credentials of -Credential and -RegistryCredential.</summary>
internal static class RegistryCredentials
{
    /// <summary>The request for stores, with the credentials and settings of the registries that it is about.</summary>
    /// <param name="engine">The engine; null for the default, and where it is chosen later.</param>
    /// <exception cref="CraneException">InvalidValue, SettingConflict.</exception>
    public static StoreRequest Request(
        string? engine, PSCredential? credential, IDictionary? registryCredential, IEnumerable<string> registries,
        IEnumerable<RegistrySetting> settings) => new(engine, From(credential, registryCredential, registries))
        {
            Registries = RegistrySettings.Merge(settings),
        };

    /// <summary>Returns the credentials by registry; <c>-Credential</c> is for the only one of the registries.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static IReadOnlyDictionary<string, NetworkCredential> From(
        PSCredential? credential, IDictionary? registryCredential, IEnumerable<string> registries)
    {
        var credentials = new Dictionary<string, NetworkCredential>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in registryCredential ?? new Hashtable())
        {
            var registry = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (entry.Value is null || PSObject.AsPSObject(entry.Value).BaseObject is not PSCredential own)
                throw Invalid(
                    $"-RegistryCredential must have a PSCredential for '{registry}'.", $"Write @{{ '{registry}' = Get-Credential }}.");
            var host = RegistryAddress.HostOf(registry);
            if (!RegistryAddress.IsHost(host))
                throw Invalid(
                    $"-RegistryCredential has a credential for '{registry}', which is not a registry.",
                    "Write HOST or HOST:PORT, such as registry.company.co. Docker Hub is docker.io.");
            credentials[host] = Of(own, $"-RegistryCredential for '{registry}'");
        }

        if (credential is not null)
        {
            var hosts = registries.Select(RegistryAddress.HostOf).Distinct().ToList();
            if (hosts.Count > 1)
                throw Invalid(
                    $"-Credential is for a single registry, but these plans use {hosts.Count}: {string.Join(", ", hosts)}.",
                    $"Write -RegistryCredential @{{ '{hosts[0]}' = $credential }} instead.");
            foreach (var host in hosts)
                credentials[host] = Of(credential, "-Credential");
        }

        return credentials;
    }

    /// <summary>
    /// Converts a credential and keeps the user name as written; PowerShell's own conversion would take <c>bob@corp</c> and
    /// <c>corp\bob</c> for names of a Windows domain and split them.
    /// </summary>
    /// <exception cref="CraneException">InvalidValue for a user name that is empty or has a colon.</exception>
    public static NetworkCredential Of(PSCredential credential, string parameter)
    {
        if (string.IsNullOrEmpty(credential.UserName))
            throw Invalid($"{parameter} has no user name.", "Give a credential with a user name and a password.");
        return credential.UserName.Contains(':', StringComparison.Ordinal)
            ? throw Invalid(
                $"{parameter} has the user name '{credential.UserName}'. A user name for a registry cannot contain a colon.",
                "Give the user name without the colon, and what follows it as the password.")
            : new NetworkCredential(credential.UserName, credential.Password);
    }

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
