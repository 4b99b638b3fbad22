namespace Crane.Adapters.Credentials;

/// <summary>
/// Looks up the credential of one registry: once for all that ask, who wait for each other, and for no other registry. What was
/// found is remembered, and so is what failed: a helper that hangs must not be waited for by each request anew.
/// </summary>
internal sealed class CredentialLookup : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _isDone;
    private RegistryCredential? _credential;
    private CraneException? _fault;

    /// <summary>What was found, or is found now.</summary>
    /// <param name="find">Finds it. One that is cancelled has found nothing, and the next caller begins again.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CraneException">What <paramref name="find"/> has thrown.</exception>
    public async Task<RegistryCredential?> GetAsync(
        Func<CancellationToken, Task<RegistryCredential?>> find, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (!_isDone)
                await FindAsync(find, cancellation);
            return _fault is null ? _credential : throw _fault;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task FindAsync(Func<CancellationToken, Task<RegistryCredential?>> find, CancellationToken cancellation)
    {
        try
        {
            _credential = await find(cancellation);
        }
        catch (CraneException fault)
        {
            _fault = fault;
        }
        _isDone = true;
    }
}
