using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Machine;
using Crane.Errors;
using Crane.Names;

namespace Crane.Adapters.Credentials;

/// <summary>
/// A program <c>docker-credential-NAME</c> that stores credentials, with the protocol of docker-credential-helpers: a verb as
/// its argument, the registry or a credential on standard input, JSON on standard output.
/// </summary>
/// <param name="name">The name in docker's configuration.</param>
/// <param name="origin">The configuration that names it, for messages.</param>
/// <param name="environment">Where programs are found.</param>
/// <param name="notify">Receives a message for the user when the helper takes long.</param>
internal sealed class CredentialHelper(string name, string origin, DockerEnvironment environment, Action<string>? notify = null)
{
    /// <summary>The failure that means "no credential", by convention of the helpers.</summary>
    private const string NotFound = "credentials not found in native keychain";

    /// <summary>The user name that marks the secret as an identity token.</summary>
    private const string TokenUser = "<token>";

    // Far more than a credential needs; some contain a certificate.
    private const int MaxOutput = 1024 * 1024;

    // A helper that does not wait for the user has answered by then.
    private static readonly TimeSpan NotifyAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long a helper may take: the user may have to unlock a keychain.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public string Program => ProgramOf(name);

    public static string ProgramOf(string name) => $"docker-credential-{name}";

    /// <summary>Returns the credential of a registry; null where there is none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized where the helper is missing, fails, or does not end.</exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("get", RegistryKey.Canonical(registry), cancellation);
        if (exitCode == 0)
            return Read(output);
        return IsNotFound(output) ? null : throw Failed($"failed with exit code {exitCode}");
    }

    /// <summary>Stores a credential of a registry, and replaces an earlier one.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task StoreAsync(string registry, RegistryCredential credential, CancellationToken cancellation)
    {
        var key = RegistryKey.Canonical(registry);
        var (user, secret) = credential switch
        {
            PasswordCredential password => (password.UserName, password.Password),
            IdentityTokenCredential token => (TokenUser, token.Token),
            _ => throw new ArgumentException("A bearer token is not stored.", nameof(credential)),
        };
        var entry = new JsonObject { ["ServerURL"] = key, ["Username"] = user, ["Secret"] = secret }.ToJsonString();
        var (exitCode, _) = await AskAsync("store", entry, cancellation);
        if (exitCode != 0)
            throw Failed($"did not store the credential (exit code {exitCode})");
    }

    /// <summary>Removes the credential of a registry.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task EraseAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("erase", RegistryKey.Canonical(registry), cancellation);
        if (exitCode != 0 && !IsNotFound(output))
            throw Failed($"did not remove the credential (exit code {exitCode})");
    }

    /// <summary>Lists the registries with a credential, and the users; null for one that has a token in place of a password.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<IReadOnlyDictionary<string, string?>> ListAsync(CancellationToken cancellation)
    {
        // The input has no meaning; docker sends the same.
        var (exitCode, output) = await AskAsync("list", "unused", cancellation);
        return exitCode == 0 ? ReadList(output) : throw Failed($"did not list its credentials (exit code {exitCode})");
    }

    private static bool IsNotFound(string output) => output.Contains(NotFound, StringComparison.OrdinalIgnoreCase);

    private async Task<(int ExitCode, string Output)> AskAsync(string verb, string input, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Timeout);
        try
        {
            var asking = RunAsync(verb, input, timeout.Token);
            if (await Task.WhenAny(asking, Task.Delay(NotifyAfter, timeout.Token)) != asking && !timeout.IsCancellationRequested)
                notify?.Invoke($"Waiting up to {Timeout.TotalSeconds:0.#} seconds for {Program}: it may be asking for a password.");
            return await asking;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed($"did not respond within {Timeout.TotalSeconds:0.#} seconds");
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string verb, string input, CancellationToken cancellation)
    {
        var path = environment.FindProgram(Program) ?? throw Failed("is not on the PATH");
        var output = new StringBuilder();
        try
        {
            var exitCode = await ProgramRun.RunAsync(
                new ProcessStartInfo(path, [verb]), input,
                text => output.Append(output.Length <= MaxOutput ? text : throw new InvalidDataException()), _ => { }, cancellation);
            return (exitCode, output.ToString());
        }
        catch (InvalidDataException)
        {
            throw Failed("printed too much output");
        }
        catch (Win32Exception exception)
        {
            throw Failed($"at {path} could not be started: {exception.Message}", exception);
        }
    }

    private RegistryCredential? Read(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            var user = document.RootElement.GetProperty("Username").GetString();
            var secret = document.RootElement.GetProperty("Secret").GetString();
            if (string.IsNullOrEmpty(user) || secret is null)
                return null;
            return user == TokenUser ? new IdentityTokenCredential(secret) : new PasswordCredential(user, secret);
        }
        catch (Exception exception) when (exception is KeyNotFoundException || JsonErrors.IsUnreadable(exception))
        {
            // No inner exception: it may quote the output, which is the secret.
            throw Failed("returned something that is not a credential in JSON");
        }
    }

    private Dictionary<string, string?> ReadList(string output)
    {
        var users = new Dictionary<string, string?>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(output);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
                return users;
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                var user = entry.Value.GetString();
                if (RegistryKey.IsRegistry(entry.Name))
                    users[RegistryAddress.HostOf(entry.Name)] = user is null or "" or TokenUser ? null : user;
            }

            return users;
        }
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
        {
            throw Failed("returned something that is not a list of credentials in JSON");
        }
    }

    // What the program prints is never shown: it may hold the secret.
    private CraneException Failed(string how, Exception? inner = null) => new(
        CraneErrorId.RegistryUnauthorized,
        $"The credential helper {Program}, named in {origin}, {how}.",
        $"Install or repair {Program}, remove it from {origin}, or pass credentials to the other cmdlets with -RegistryCredential.", inner);
}
