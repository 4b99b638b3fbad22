using System.Collections;
using System.Management.Automation;
using System.Net;

namespace Crane.Commands;

/// <summary>Which of the given credentials belongs to which registry.</summary>
internal static class RegistryCredentials
{
    /// <summary>The credentials of <c>-RegistryCredential</c>, and <c>-Credential</c> for the one registry in play.</summary>
    /// <exception cref="CraneException">InvalidValue.</exception>
    public static IReadOnlyDictionary<string, NetworkCredential> From(
        PSCredential? one, IDictionary? several, IEnumerable<string> registries)
    {
        var credentials = new Dictionary<string, NetworkCredential>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in several ?? new Hashtable())
        {
            var registry = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (PSObject.AsPSObject(entry.Value).BaseObject is not PSCredential given)
                throw Invalid($"-RegistryCredential has no PSCredential for '{registry}'.", "Write @{ '" + registry + "' = Get-Credential }.");
            credentials[NormalisedHost(registry)] = GivenCredential.Of(given, $"-RegistryCredential for '{registry}'");
        }

        if (one is { } credential)
        {
            var inPlay = registries.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            if (inPlay.Count > 1)
            {
                throw Invalid(
                    $"-Credential is for one registry, and these plans use {inPlay.Count}: {string.Join(", ", inPlay)}.",
                    $"Write -RegistryCredential @{{ '{inPlay[0]}' = $credential }} instead.");
            }

            foreach (var registry in inPlay)
                credentials[registry] = GivenCredential.Of(credential, "-Credential");
        }

        return credentials;
    }

    // The names under which people know Docker Hub, and a registry written as the address of its API.
    private static string NormalisedHost(string registry)
    {
        var scheme = registry.IndexOf("://", StringComparison.Ordinal);
        var host = (scheme < 0 ? registry : registry[(scheme + 3)..]).Split('/')[0];
        return host is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
