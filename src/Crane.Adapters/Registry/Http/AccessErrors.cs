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
                : $"The registry '{registry}' does not allow {Who(credential)} to {what}: {response}.",
            Advice(registry, credential)
            + (scopes.Count == 0 ? "" : " Some registries respond the same for a repository that does not exist."));
    }

    public static CraneException NoPassword(string registry, RegistryCredential? credential) => Unauthorized(
        credential is null
            ? $"The registry '{registry}' requires a user name and password, but none are known for it."
            : $"The registry '{registry}' requires a user name and password, but the stored credential is a token.",
        LogIn(registry));

    public static CraneException NoChallenge(string registry, string response) => Unauthorized(
        $"The registry '{registry}' refused, and offered no supported way to log in: {response}.",
        "Check the registry's name. The response may come from a proxy that requires a login of its own.");

    public static CraneException PlainRealm(string registry, Uri realm) => Unauthorized(
        $"The registry '{registry}' requires credentials to be sent to its token service '{realm.Authority}' over plain http.",
        "Nothing was sent. The token service must use TLS.");

    public static CraneException NoRealm(string registry) => Unauthorized(
        $"The registry '{registry}' requires a token but names no token service.",
        "This is the registry's configuration: the realm of its token authentication is not an http or https address.");

    public static CraneException TokenRefused(
        string registry, string title, RegistryCredential? credential, string response, bool isCredentialRefused) => isCredentialRefused
            ? Unauthorized($"{title} refused {Who(credential)}: {response}.", Advice(registry, credential))
            : Unauthorized($"{title} returned no token: {response}.", "Check the realm of the registry's token authentication.");

    public static CraneException NoToken(string title) => Unauthorized(
        $"{title} returned no usable token.", "Check the realm of the registry's token authentication.");

    public static CraneException UnusableToken(string registry) => Unauthorized(
        $"The stored token for the registry '{registry}' contains characters that are not allowed in an HTTP header.", LogIn(registry));

    private static string Who(RegistryCredential? credential) => credential switch
    {
        null => "an anonymous user",
        PasswordCredential login => $"the user '{login.UserName}'",
        _ => "the stored token",
    };

    // Who has just given a user and a password must not be told to give them.
    private static string Advice(string registry, RegistryCredential? credential) => credential is PasswordCredential { IsGiven: true }
        ? "Check the user name and the password. Many registries accept only an access token as the password, and a token may have expired "
            + "or lack a right."
        : LogIn(registry);

    private static string LogIn(string registry) =>
        $"Log in with Connect-CraneRegistry {registry} or docker login {registry}, or use -RegistryCredential.";

    private static CraneException Unauthorized(string message, string advice) => new(CraneErrorId.RegistryUnauthorized, message, advice);
}
