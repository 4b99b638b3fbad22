using System.Management.Automation;
using System.Net;

namespace Crane.Commands;

/// <summary>Credentials as parameters take them.</summary>
internal static class GivenCredential
{
    /// <summary>
    /// The user and password of a credential, the user as it was given: PowerShell's own way takes <c>bob@corp</c> and
    /// <c>corp\bob</c> for names of a Windows domain, and gives one for the other.
    /// </summary>
    /// <param name="given">The credential.</param>
    /// <param name="parameter">The parameter that it came by, for messages.</param>
    /// <exception cref="CraneException">InvalidValue for one without a user, or with one that no registry can be shown.</exception>
    public static NetworkCredential Of(PSCredential given, string parameter)
    {
        if (string.IsNullOrEmpty(given.UserName))
            throw Invalid($"{parameter} has no user name.", "Give a credential with a user and a password, such as that of Get-Credential.");
        return given.UserName.Contains(':', StringComparison.Ordinal)
            ? throw Invalid(
                $"{parameter} has the user name '{given.UserName}'. A colon ends the user name where it is shown to a registry.",
                "Give the user name without a colon, and what comes after it as the password.")
            : new NetworkCredential(given.UserName, given.Password);
    }

    private static CraneException Invalid(string message, string advice) => new(CraneErrorId.InvalidValue, message, advice);
}
