using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Stores and removes credentials where <c>docker login</c> does: in the registry's own credential helper, else in the one for all
/// registries, else in the file itself. Registries in a helper have an empty entry in the file, which docker needs to find them.
/// </summary>
internal sealed class CredentialKeeper(DockerEnvironment environment)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(1);

    private string ConfigPath => DockerConfigFile.PathIn(environment);

    /// <summary>Stores a credential, and replaces an earlier one of its registry.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized where a helper fails; DockerConfigInvalid for the file.</exception>
    public async Task<RegistryLogin> KeepAsync(string registry, RegistryCredential credential, string user, CancellationToken cancellation)
    {
        var helper = Helper(registry);
        if (helper is not null)
            await helper.StoreAsync(registry, credential, cancellation);
        var entry = helper is null ? DockerConfigEditor.Entry(credential, user) : new JsonObject();
        await EditAsync(text => DockerConfigEditor.With(text, registry, entry), cancellation);
        return CredentialList.Login(registry, user, helper?.Program, ConfigPath);
    }

    /// <summary>Removes the credential of a registry.</summary>
    /// <returns>What was removed; null for nothing.</returns>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<RegistryLogin?> ForgetAsync(string registry, CancellationToken cancellation)
    {
        var helper = Helper(registry);
        var kept = helper is null
            ? DockerConfigFile.Load(environment)?.CredentialFor(registry) : await helper.GetAsync(registry, cancellation);
        if (helper is not null && kept is not null)
            await helper.EraseAsync(registry, cancellation);
        var hadEntry = await EditAsync(text => DockerConfigEditor.Without(text, registry), cancellation);
        return kept is null && !hadEntry
            ? null : CredentialList.Login(registry, (kept as PasswordCredential)?.UserName, helper?.Program, ConfigPath);
    }

    private CredentialHelper? Helper(string registry) =>
        DockerConfigFile.Load(environment) is { } file && (file.HelperFor(registry) ?? file.DefaultHelper) is { } name
            ? new CredentialHelper(name, file.Origin, environment)
            : null;

    /// <returns>Whether there was something to change.</returns>
    private async Task<bool> EditAsync(Func<string, string?> edit, CancellationToken cancellation)
    {
        try
        {
            // A symbolic link stays; its target is written.
            var path = WholeFile.Target(ConfigPath);
            if (edit(Read(path)) is null)
                return false;

            // Docker's own programs take no lock; several of Crane do not overwrite each other's changes.
            WholeFile.CreateFolder(Path.GetDirectoryName(path)!);
            await using var held = await FileLock.TakeAsync($"{path}.lock", LockTimeout, cancellation);
            if (edit(Read(path)) is not { } edited)
                return false;
            WholeFile.Write(path, Encoding.UTF8.GetBytes(edited));
            return true;
        }
        catch (JsonException exception)
        {
            throw DockerConfigFile.Unusable(ConfigPath, $"is not valid: {JsonErrors.Words(exception)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DockerConfigFile.Unusable(ConfigPath, $"cannot be written: {exception.Message}", exception);
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
