using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Credentials;

/// <summary>
/// A program <c>docker-credential-NAME</c> that keeps credentials, spoken to as the docker-credential-helpers
/// project defines it: a verb, the registry or a credential on standard input, JSON on standard output.
/// </summary>
/// <param name="name">What stands in docker's configuration.</param>
/// <param name="origin">The configuration that names it, for messages.</param>
/// <param name="environment">Where programs are looked for.</param>
/// <param name="tell">Takes a line for the user where the helper takes long; null for nobody.</param>
internal sealed class CredentialHelper(string name, string origin, DockerEnvironment environment, Action<string>? tell = null)
{
    /// <summary>The one failure that means "there is none", by the helpers' own convention.</summary>
    private const string NotFound = "credentials not found in native keychain";

    /// <summary>The user name by which a helper says that the secret is an identity token.</summary>
    private const string TokenUser = "<token>";

    // A credential is far shorter: some have a certificate in them.
    private const int MostOutput = 1024 * 1024;

    // Who asks nobody for anything has answered by then.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>How long a helper may take: it may have to ask a human to unlock a keychain.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The program's name.</summary>
    public string Program => $"docker-credential-{name}";

    /// <summary>The credential that the helper keeps for a registry; null where it has none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized where the helper is missing, fails, or does not end.</exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("get", RegistryKey.Canonical(registry), cancellation);
        if (exitCode == 0)
            return Read(output);
        return IsNotFound(output) ? null : throw Failed($"ended with exit code {exitCode}");
    }

    /// <summary>Has the helper keep a credential for a registry, in place of what it kept.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task StoreAsync(string registry, RegistryCredential credential, CancellationToken cancellation)
    {
        var key = RegistryKey.Canonical(registry);
        var (user, secret) = credential switch
        {
            PasswordCredential given => (given.UserName, given.Password),
            IdentityTokenCredential given => (TokenUser, given.Token),
            _ => throw new ArgumentException("A bearer token is not kept.", nameof(credential)),
        };
        var entry = new JsonObject { ["ServerURL"] = key, ["Username"] = user, ["Secret"] = secret }.ToJsonString();
        var (exitCode, _) = await AskAsync("store", entry, cancellation);
        if (exitCode != 0)
            throw Failed($"did not keep it, and ended with exit code {exitCode}");
    }

    /// <summary>Has the helper forget what it keeps for a registry.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task EraseAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("erase", RegistryKey.Canonical(registry), cancellation);
        if (exitCode != 0 && !IsNotFound(output))
            throw Failed($"did not forget them, and ended with exit code {exitCode}");
    }

    private static bool IsNotFound(string output) => output.Contains(NotFound, StringComparison.OrdinalIgnoreCase);

    private async Task<(int ExitCode, string Output)> AskAsync(string verb, string input, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            var asking = RunAsync(verb, input, patience.Token);
            if (await Task.WhenAny(asking, Task.Delay(Quiet, patience.Token)) != asking && !patience.IsCancellationRequested)
                tell?.Invoke($"Waiting for {Program}, for {Patience.TotalSeconds:0.#} seconds at most: it may ask for a password somewhere.");
            return await asking;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed($"did not answer within {Patience.TotalSeconds:0.#} seconds");
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
                text => output.Append(output.Length <= MostOutput ? text : throw new InvalidDataException()), _ => { }, cancellation);
            return (exitCode, output.ToString());
        }
        catch (InvalidDataException)
        {
            throw Failed("printed without an end");
        }
        catch (Win32Exception fault)
        {
            throw Failed($"at {path} could not be started: {fault.Message}", fault);
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
        catch (Exception fault) when (fault is KeyNotFoundException || JsonErrors.IsUnreadable(fault))
        {
            // The inner exception is left out: it may quote the output, which is the secret.
            throw Failed("answered with something that is not the JSON of a credential");
        }
    }

    // What the program prints is never shown: it may hold the secret.
    private CraneException Failed(string how, Exception? inner = null) => new(
        CraneErrorId.RegistryUnauthorized,
        $"The credential helper {Program}, named in {origin}, {how}.",
        $"Install or repair {Program}, take it out of {origin}, or give credentials with -RegistryCredential.", inner);
}
