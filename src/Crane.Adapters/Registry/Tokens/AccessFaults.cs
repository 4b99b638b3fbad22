using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>The errors of a registry that does not let us in.</summary>
internal static class AccessFaults
{
    /// <summary>The registry refuses what was asked for, with or without a credential.</summary>
    /// <param name="registry">The registry as image names have it.</param>
    /// <param name="scopes">What was asked for; empty where that is not about a repository.</param>
    /// <param name="credential">What it was shown; null for nothing.</param>
    /// <param name="answer">What it said.</param>
    public static CraneException Refused(
        string registry, IReadOnlyList<RegistryScope> scopes, RegistryCredential? credential, string answer)
    {
        var what = scopes.Count == 0
            ? "it" : string.Join(" and ", scopes.Select(scope => $"{(scope.Push ? "push to" : "pull from")} '{scope.Repository}'"));
        return Unauthorized(
            scopes.Count == 0
                ? $"The registry '{registry}' refused {Who(credential)}: {answer}."
                : $"The registry '{registry}' does not let {Who(credential)} {what}: {answer}.",
            Advice(registry) + " Some registries answer the same for a repository that does not exist.");
    }

    /// <summary>The registry wants a user name and password, and there is none that it could be shown.</summary>
    public static CraneException NoPassword(string registry, RegistryCredential? credential) => Unauthorized(
        credential is null
            ? $"The registry '{registry}' wants a user name and password, and none are known for it."
            : $"The registry '{registry}' wants a user name and password; what is kept for it is a token.",
        Advice(registry));

    /// <summary>The registry refuses, and does not say what it would take.</summary>
    public static CraneException NoChallenge(string registry, string answer) => Unauthorized(
        $"The registry '{registry}' refused, and named no way to log in that is known here: {answer}.",
        "Check the registry's name; what answers may be a proxy that wants another kind of login.");

    /// <summary>The credential would be sent in the clear, and the token come so.</summary>
    public static CraneException PlainRealm(string registry, Uri realm) => Unauthorized(
        $"The registry '{registry}' wants credentials sent to its token service '{realm.Authority}' over plain http.",
        "Nothing has been sent there. Have the token service served with TLS.");

    /// <summary>The registry names a token service by something that is no address.</summary>
    public static CraneException NoRealm(string registry) => Unauthorized(
        $"The registry '{registry}' wants a token, and does not say where it is had.",
        "This is the registry's configuration: the realm of its token authentication is no http or https address.");

    /// <summary>The token service gives no token.</summary>
    public static CraneException TokenRefused(
        string registry, string peer, RegistryCredential? credential, string answer, bool isCredentialRefused) => isCredentialRefused
            ? Unauthorized($"{peer} refused {Who(credential)}: {answer}.", Advice(registry))
            : Unauthorized($"{peer} gave no token: {answer}.", "Check the realm of the registry's token authentication.");

    /// <summary>The token service answers something else.</summary>
    public static CraneException NoToken(string peer) => Unauthorized(
        $"{peer} gave no token: its answer has none that can be used.", "Check the realm of the registry's token authentication.");

    /// <summary>The token that is kept for it is none.</summary>
    public static CraneException UnusableToken(string registry) => Unauthorized(
        $"The token that is kept for the registry '{registry}' has characters that no header can carry.", Advice(registry));

    private static string Who(RegistryCredential? credential) => credential switch
    {
        null => "an anonymous user",
        PasswordCredential given => $"the user '{given.UserName}'",
        _ => "the token that is kept for it",
    };

    private static string Advice(string registry) =>
        $"Log in with Connect-CraneRegistry {registry} or docker login {registry}, or give -RegistryCredential.";

    private static CraneException Unauthorized(string message, string advice) => new(CraneErrorId.RegistryUnauthorized, message, advice);
}
