using Crane.Adapters.Machine;

namespace Crane.Adapters.Credentials;

/// <summary>
/// Lists the credentials that docker's configuration and its helpers store, one for each registry: the one that is used, else the
/// one that is only there.
/// </summary>
internal sealed class CredentialList(DockerEnvironment environment)
{
    // By helper; null for one that does not list.
    private readonly Dictionary<string, IReadOnlyDictionary<string, string?>?> _listed = new(StringComparer.Ordinal);
    private readonly List<CraneException> _errors = [];

    /// <summary>Where a credential is stored.</summary>
    /// <param name="program">The helper; null for the file.</param>
    public static RegistryLogin Login(string registry, string? user, string? program, string path) => new()
    {
        Registry = registry,
        UserName = user,
        Store = program ?? path,
        IsProtected = program is not null,
    };

    /// <summary>Reads those of wanted registries. An entry or helper that fails is an error; the others are listed.</summary>
    /// <exception cref="CraneException">DockerConfigInvalid for a configuration that cannot be read.</exception>
    public async Task<(IReadOnlyList<RegistryLogin> Logins, IReadOnlyList<CraneException> Errors)> ReadAsync(
        Func<string, bool> isWanted, CancellationToken cancellation)
    {
        if (DockerConfigFile.Load(environment) is not { } file)
            return ([], []);
        IEnumerable<string> inHelper = [];
        if (file.DefaultHelper is { } name)
            await TryAsync(Program(name), async () => inHelper = (await ListedAsync(file, name, cancellation)).Keys);

        var logins = new List<RegistryLogin>();
        foreach (var registry in file.Registries().Union(inHelper).Where(isWanted).Order(StringComparer.Ordinal))
        {
            await TryAsync(registry, async () =>
            {
                if (await FindAsync(file, registry, cancellation) is { } login)
                    logins.Add(login);
            });
        }

        return (logins, _errors);
    }

    private async Task<RegistryLogin?> FindAsync(DockerConfigFile file, string registry, CancellationToken cancellation)
    {
        var own = file.HelperFor(registry);
        // Some helpers of one registry cannot list; those can be asked for the registry.
        if (own is not null && !_listed.ContainsKey(own))
            _listed[own] = await OrNullAsync(() => Helper(file, own).ListAsync(cancellation));
        if ((own ?? file.DefaultHelper) is { } name)
        {
            if (_listed.GetValueOrDefault(name) is { } listed && listed.TryGetValue(registry, out var user))
                return Login(registry, user, Program(name), file.Origin);
            if (own is not null && await Helper(file, own).GetAsync(registry, cancellation) is { } kept)
                return Login(registry, (kept as PasswordCredential)?.UserName, Program(own), file.Origin);
        }

        return file.CredentialFor(registry) is null ? null : Login(registry, file.UserFor(registry), program: null, file.Origin);
    }

    private async Task<IReadOnlyDictionary<string, string?>> ListedAsync(
        DockerConfigFile file, string name, CancellationToken cancellation)
    {
        var listed = await Helper(file, name).ListAsync(cancellation);
        _listed[name] = listed;
        return listed;
    }

    private CredentialHelper Helper(DockerConfigFile file, string name) => new(name, file.Origin, environment);

    private static string Program(string name) => CredentialHelper.ProgramOf(name);

    private async Task TryAsync(object subject, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (CraneException error)
        {
            _errors.Add(error.About(subject));
        }
    }

    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (CraneException)
        {
            return null;
        }
    }
}
