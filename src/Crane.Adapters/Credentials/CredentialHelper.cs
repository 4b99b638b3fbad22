using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Crane.Content;

namespace Crane.Adapters.Credentials;

/// <summary>
/// A program <c>docker-credential-NAME</c> that keeps credentials, spoken to as the docker-credential-helpers
/// project defines it: a verb, the registry or a credential on standard input, JSON on standard output.
/// </summary>
/// <param name="name">What stands in docker's configuration.</param>
/// <param name="origin">The configuration that names it, for messages.</param>
/// <param name="environment">Where programs are looked for.</param>
internal sealed class CredentialHelper(string name, string origin, DockerEnvironment environment)
{
    /// <summary>The one failure that means "there is none", by the helpers' own convention.</summary>
    private const string NotFound = "credentials not found in native keychain";

    /// <summary>The user name by which a helper says that the secret is an identity token.</summary>
    private const string TokenUser = "<token>";

    /// <summary>How long a helper may take: it may have to ask a human to unlock a keychain.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The program's name.</summary>
    public string Program => $"docker-credential-{name}";

    /// <summary>The credential that the helper keeps for a registry; null where it has none.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized where the helper is missing, fails, or does not end.</exception>
    public async Task<RegistryCredential?> GetAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("get", RegistryKey.Canonical(registry), registry, cancellation);
        if (exitCode == 0)
            return Read(output, registry);
        return IsNotFound(output) ? null : throw Failed(registry, $"ended with exit code {exitCode}");
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
        var (exitCode, _) = await AskAsync("store", entry, registry, cancellation);
        if (exitCode != 0)
            throw Failed(registry, $"did not keep it, and ended with exit code {exitCode}");
    }

    /// <summary>Has the helper forget what it keeps for a registry.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task EraseAsync(string registry, CancellationToken cancellation)
    {
        var (exitCode, output) = await AskAsync("erase", RegistryKey.Canonical(registry), registry, cancellation);
        if (exitCode != 0 && !IsNotFound(output))
            throw Failed(registry, $"did not forget them, and ended with exit code {exitCode}");
    }

    private static bool IsNotFound(string output) => output.Contains(NotFound, StringComparison.OrdinalIgnoreCase);

    private async Task<(int ExitCode, string Output)> AskAsync(
        string verb, string input, string registry, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await RunAsync(verb, input, registry, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(registry, $"did not answer within {Patience.TotalSeconds:0.#} seconds");
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(
        string verb, string input, string registry, CancellationToken cancellation)
    {
        using var process = Start(verb, registry);
        try
        {
            // Both streams are read while the input is written: a helper that talks first must not block on a full pipe.
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await WriteAsync(process, input, cancellation);
            await Task.WhenAll(output, errors);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(string verb, string registry)
    {
        var path = ProgramSearch.Find(Program, environment) ?? throw Failed(registry, "is not on the PATH");
        var start = new ProcessStartInfo(path, [verb])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        try
        {
            return Process.Start(start) ?? throw Failed(registry, $"at {path} could not be started");
        }
        catch (Win32Exception fault)
        {
            throw Failed(registry, $"at {path} could not be started: {fault.Message}", fault);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; what it printed and its exit code say why.
        }
    }

    private RegistryCredential? Read(string output, string registry)
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
        catch (Exception fault) when (fault is KeyNotFoundException || JsonFaults.IsUnreadable(fault))
        {
            // The inner exception is left out: it may quote the output, which is the secret.
            throw Failed(registry, "answered with something that is not the JSON of a credential");
        }
    }

    // What the program prints is never shown: it may hold the secret.
    private CraneException Failed(string registry, string how, Exception? inner = null) => new(
        CraneErrorId.RegistryUnauthorized,
        $"The credential helper {Program} for {registry}, named in {origin}, {how}.",
        $"Install or repair {Program}, take it out of {origin}, or give credentials with -RegistryCredential.", inner);
}
