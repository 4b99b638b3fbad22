using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Keeps and forgets credentials where <c>docker login</c> does: in the registry's own credential helper, else in the one for
/// all,
/// else in the file itself. A helper's registries have an empty entry in the file, by which docker knows that they are there.
/// </summary>
/// <param name="environment">Where docker's configuration is, and helpers are.</param>
internal sealed class CredentialKeeper(DockerEnvironment environment)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private string ConfigPath => DockerConfigFile.PathIn(environment);

    /// <summary>Keeps a credential, in place of what was kept for its registry.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="credential">What is kept: a password, or a token that stands for it.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="cancellation">Ends the wait for a helper.</param>
    /// <exception cref="CraneException">
    /// RegistryUnauthorized for a helper that does not do its work; InvalidValue for the file.
    /// </exception>
    public async Task<RegistryLogin> KeepAsync(
        string registry, RegistryCredential credential, string user, CancellationToken cancellation)
    {
        var helper = Helper(registry);
        if (helper is not null)
            await helper.StoreAsync(registry, credential, cancellation);
        var entry = helper is null ? DockerConfigText.Entry(credential, user) : new JsonObject();
        await EditAsync(text => DockerConfigText.With(text, registry, entry), cancellation);
        return Login(registry, user, helper);
    }

    /// <summary>Forgets what is kept for a registry.</summary>
    /// <returns>What was kept; null for nothing.</returns>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<RegistryLogin?> ForgetAsync(string registry, CancellationToken cancellation)
    {
        var helper = Helper(registry);
        var kept = helper is null
            ? DockerConfigFile.Load(environment)?.CredentialFor(registry) : await helper.GetAsync(registry, cancellation);
        if (helper is not null && kept is not null)
            await helper.EraseAsync(registry, cancellation);
        var hadEntry = await EditAsync(text => DockerConfigText.Without(text, registry), cancellation);
        return kept is null && !hadEntry ? null : Login(registry, (kept as PasswordCredential)?.UserName, helper);
    }

    private CredentialHelper? Helper(string registry) =>
        DockerConfigFile.Load(environment) is { } file && (file.HelperFor(registry) ?? file.DefaultHelper) is { } name
            ? new CredentialHelper(name, file.Origin, environment)
            : null;

    private RegistryLogin Login(string registry, string? user, CredentialHelper? helper) => new()
    {
        Registry = registry,
        UserName = user,
        Store = helper?.Program ?? ConfigPath,
        IsProtected = helper is not null,
    };

    /// <returns>Whether there was something to change.</returns>
    private async Task<bool> EditAsync(Func<string, string?> edit, CancellationToken cancellation)
    {
        try
        {
            // A symbolic link stays, and what it leads to is written.
            var path = WholeFile.Target(ConfigPath);
            if (edit(Read(path)) is null)
                return false;

            // Docker's own programs know no lock; those of Crane do not lose what another one keeps at the same time.
            WholeFile.CreateFolder(Path.GetDirectoryName(path)!);
            await using var held = await FileLock.TakeAsync($"{path}.lock", Patience, cancellation);
            if (edit(Read(path)) is not { } edited)
                return false;
            WholeFile.Write(path, Encoding.UTF8.GetBytes(edited));
            return true;
        }
        catch (JsonException fault)
        {
            throw DockerConfigFile.Unusable(ConfigPath, $"is not valid: {JsonErrors.Words(fault)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw DockerConfigFile.Unusable(ConfigPath, $"cannot be written: {fault.Message}", fault);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return DockerConfigFile.ReadText(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}
