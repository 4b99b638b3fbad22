namespace Crane.Oci;

/// <summary>Looks up names from users: with a registry there, without one first in the local store, then on Docker Hub.</summary>
/// <param name="registries">Looks in registries; null to look in the local store only. Disposed with this.</param>
/// <param name="openLocal">Opens what looks in the local store.</param>
internal sealed class LocalFirst<T>(T? registries, Func<Task<T>> openLocal) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly Lazy<Task<T>> _local = new(openLocal);

    /// <param name="look">Looks it up in one of the two; true for the local store. LocalImageNotFound means that it is not there.</param>
    /// <exception cref="CraneException">What looking up throws.</exception>
    public async Task<TFound> FindAsync<TFound>(ImageName name, Func<T, bool, Task<TFound>> look)
    {
        if (registries is null)
            return await look(await _local.Value, true);
        if (name.Parts.WrittenRegistry is not null)
            return await look(registries, false);

        CraneException notHere;
        try
        {
            return await look(await _local.Value, true);
        }
        // Without a local store there are no local images.
        catch (CraneException error) when (error.Id is CraneErrorId.LocalImageNotFound or CraneErrorId.EngineUnreachable)
        {
            notHere = error;
        }

        try
        {
            return await look(registries, false);
        }
        catch (CraneException error)
        {
            throw new CraneException(
                error.Id,
                $"{error.Message.TrimEnd('.')}."
                    + $" Docker Hub was asked because '{name}' has no registry and was not found locally: {notHere.Message}",
                error.RecommendedAction, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (registries is not null)
            await registries.DisposeAsync();
        if (_local is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _local.Value).DisposeAsync();
    }
}
