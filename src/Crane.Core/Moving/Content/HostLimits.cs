using System.Collections.Concurrent;

namespace Crane.Moving.Content;

/// <summary>How much is under way at one place at the same time.</summary>
internal sealed class HostLimits(int perHost)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Runs work at one place, as soon as there is room for it.</summary>
    public Task<T> RunAsync<T>(string place, Func<Task<T>> work, CancellationToken cancellation) =>
        RunAsync(place, place, work, cancellation);

    /// <summary>Runs work between two places, as soon as both have room for it.</summary>
    public async Task<T> RunAsync<T>(string from, string to, Func<Task<T>> work, CancellationToken cancellation)
    {
        // Always in the same order: two that wait for each other's place would wait for ever.
        var places = string.Compare(from, to, StringComparison.OrdinalIgnoreCase) switch
        {
            0 => new[] { from },
            < 0 => [from, to],
            _ => [to, from],
        };
        var entered = new Stack<SemaphoreSlim>();
        try
        {
            foreach (var place in places)
            {
                var limit = _limits.GetOrAdd(place, _ => new SemaphoreSlim(perHost));
                await limit.WaitAsync(cancellation);
                entered.Push(limit);
            }

            return await work();
        }
        finally
        {
            while (entered.TryPop(out var limit))
                limit.Release();
        }
    }
}
