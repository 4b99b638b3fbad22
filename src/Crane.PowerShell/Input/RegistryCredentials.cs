using System.Collections;
using System.Net;
using Crane.Names;

namespace Crane.Input;

/// <summary>Reads the credentials of -Credential and -RegistryCredential.</summary>
internal static class RegistryCredentials
{
    /// <summary>The credentials of <c>-RegistryCredential</c>, and <c>-Credential</c> for the one registry in play.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static IReadOnlyDictionary<string, NetworkCredential> From(
        PSCredential? one, IDictionary? several, IEnumerable<string> registries)
    {
        var credentials = new Dictionary<string, NetworkCredential>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in several ?? new Hashtable())
        {
            var registry = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (PSObject.AsPSObject(entry.Value).BaseObject is not PSCredential own)
                throw Invalid($"-RegistryCredential has no PSCredential for '{registry}'.", "Write @{ '" + registry + "' = Get-Credential }.");
            credentials[RegistryAddress.HostOf(registry)] = Of(own, $"-RegistryCredential for '{registry}'");
        }

        if (one is { } credential)
        {
            var inPlay = registries.Select(RegistryAddress.HostOf).Distinct().ToList();
            if (inPlay.Count > 1)
            {
                throw Invalid(
                    $"-Credential is for one registry, and these plans use {inPlay.Count}: {string.Join(", ", inPlay)}.",
                    $"Write -RegistryCredential @{{ '{inPlay[0]}' = $credential }} instead.");
            }

            foreach (var registry in inPlay)
                credentials[registry] = Of(credential, "-Credential");
        }

        return credentials;
    }

    /// <summary>
    /// The user and password of a credential, the user name as it was written: PowerShell's own way takes <c>bob@corp</c> and
    /// <c>corp\bob</c> for names of a Windows domain, and makes one of the other.
    /// </summary>
    /// <exception cref="CraneException">InvalidValue for one without a user, or with one that no registry can be shown.</exception>
    public static NetworkCredential Of(PSCredential credential, string parameter)
    {
        if (string.IsNullOrEmpty(credential.UserName))
            throw Invalid($"{parameter} has no user name.", "Give a credential with a user and a password, such as that of Get-Credential.");
        return credential.UserName.Contains(':', StringComparison.Ordinal)
            ? throw Invalid(
                $"{parameter} has the user name '{credential.UserName}'. A colon ends the user name where it is shown to a registry.",
                "Give the user name without a colon, and what comes after it as the password.")
            : new NetworkCredential(credential.UserName, credential.Password);
    }

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
