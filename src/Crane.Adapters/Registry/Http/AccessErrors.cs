using Crane.Adapters.Credentials;

namespace Crane.Adapters.Registry.Http;

internal static class AccessErrors
{
    public static CraneException Refused(
        string registry, IReadOnlyList<RegistryScope> scopes, RegistryCredential? credential, string response)
    {
        var what = scopes.Count == 0
            ? "it" : string.Join(" and ", scopes.Select(scope => $"{(scope.Push ? "push to" : "pull from")} '{scope.Repository}'"));
        return Unauthorized(
            scopes.Count == 0
                ? $"The registry '{registry}' refused {Who(credential)}: {response}."
                : $"The registry '{registry}' does not let {Who(credential)} {what}: {response}.",
            Advice(registry) + " Some registries answer the same for a repository that does not exist.");
    }

    public static CraneException NoPassword(string registry, RegistryCredential? credential) => Unauthorized(
        credential is null
            ? $"The registry '{registry}' wants a user name and password, and none are known for it."
            : $"The registry '{registry}' wants a user name and password; what is kept for it is a token.",
        Advice(registry));

    public static CraneException NoChallenge(string registry, string response) => Unauthorized(
        $"The registry '{registry}' refused, and named no way to log in that is known here: {response}.",
        "Check the registry's name; what answers may be a proxy that wants another kind of login.");

    /// <summary>The credential would be sent in the clear, and the token come so.</summary>
    public static CraneException PlainRealm(string registry, Uri realm) => Unauthorized(
        $"The registry '{registry}' wants credentials sent to its token service '{realm.Authority}' over plain http.",
        "Nothing has been sent there. Have the token service served with TLS.");

    public static CraneException NoRealm(string registry) => Unauthorized(
        $"The registry '{registry}' wants a token, and does not say where it is had.",
        "This is the registry's configuration: the realm of its token authentication is no http or https address.");

    public static CraneException TokenRefused(
        string registry, string title, RegistryCredential? credential, string response, bool isCredentialRefused) => isCredentialRefused
            ? Unauthorized($"{title} refused {Who(credential)}: {response}.", Advice(registry))
            : Unauthorized($"{title} gave no token: {response}.", "Check the realm of the registry's token authentication.");

    public static CraneException NoToken(string title) => Unauthorized(
        $"{title} gave no token: its answer has none that can be used.", "Check the realm of the registry's token authentication.");

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
