using System.Collections.Concurrent;
using Crane.Comparing;

namespace Crane.Status;

/// <summary>A local store in one run: opened once, and each name looked for once.</summary>
/// <param name="name">What the user calls it, for a store that cannot be opened.</param>
internal sealed class LocalView(string name, Func<CancellationToken, Task<ILocalStore>> open, CancellationToken cancellation)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ImageName, Lazy<Task<LocalImage?>>> _found = new();
    private readonly Lazy<Task<ILocalStore>> _store = new(() => open(cancellation));

    /// <summary>The name of the store.</summary>
    public string Name => _store is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } ? _store.Value.Result.Name : name;

    /// <summary>The image of that name; null if there is none.</summary>
    /// <exception cref="CraneException">Those of opening the store, and of looking for the image.</exception>
    public Task<LocalImage?> FindAsync(ImageName image) => _found.GetOrAdd(
        image, wanted => new Lazy<Task<LocalImage?>>(async () => await (await _store.Value).FindAsync(wanted, cancellation))).Value;

    public async ValueTask DisposeAsync()
    {
        if (_store is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _store.Value).DisposeAsync();
    }
}
