namespace Crane.Oci;

/// <summary>
/// Where names are looked up that a user gives: with a registry there, without one in the local store first. Docker Hub, which
/// other programs take such a name to mean, is asked last, and that is said.
/// </summary>
/// <typeparam name="T">What looks them up.</typeparam>
/// <param name="registries">Looks into registries; null to look into the local store only. Disposed with this.</param>
/// <param name="openLocal">Opens what looks into the local store.</param>
internal sealed class LocalFirst<T>(T? registries, Func<Task<T>> openLocal) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly Lazy<Task<T>> _local = new(openLocal);

    /// <summary>Looks a name up.</summary>
    /// <param name="name">The name.</param>
    /// <param name="look">
    /// Looks it up at one place, and is told whether that is the local store; LocalImageNotFound says that it is not there.
    /// </param>
    /// <exception cref="CraneException">What looking up throws; an error of Docker Hub says why that was asked.</exception>
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
        // Where nothing local can be asked there are no local images either.
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
                $"{error.Message.TrimEnd('.')}. Docker Hub was asked because '{name}' has no registry, and is not here: {notHere.Message}",
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
