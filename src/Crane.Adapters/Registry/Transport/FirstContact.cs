namespace Crane.Adapters.Registry.Transport;

/// <summary>
/// Lets one request find out how a registry is spoken to, while those that come at the same time wait for what it learns:
/// else each of them would be refused once.
/// </summary>
internal sealed class FirstContact
{
    private readonly TaskCompletionSource _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _entered;

    /// <summary>Whether the caller is the one; if not, it returns when that one is done, whatever came of it.</summary>
    public async Task<bool> IsMineAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _entered, 1) == 0)
            return true;
        await _made.Task.WaitAsync(cancellation);
        return false;
    }

    /// <summary>Lets the others go on.</summary>
    public void Done() => _made.TrySetResult();
}
