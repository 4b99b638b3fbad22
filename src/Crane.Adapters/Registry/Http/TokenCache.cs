namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The tokens of one registry. Requests that need the same token at the same time share one fetch, which continues when one of
/// them is canceled.
/// </summary>
internal sealed class TokenCache(TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<AccessToken> _tokens = [];
    private readonly Dictionary<string, Task<AccessToken>> _fetches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>A token for the scopes: a cached one that does not expire soon, else a new one.</summary>
    public Task<AccessToken> GetAsync(
        ScopeSet scopes, AccessToken? refused, Func<CancellationToken, Task<AccessToken>> fetch, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _tokens.RemoveAll(token => ReferenceEquals(token, refused) || token.UseUntil <= now);
            var key = scopes.ToString();
            // A token for more scopes may have been granted fewer, so after a refusal only one for exactly these is used.
            if (_tokens.Find(token => refused is null ? token.Scopes.Covers(scopes) : token.Scopes.ToString() == key) is { } known)
                return Task.FromResult(known);

            if (!_fetches.TryGetValue(key, out var running))
                _fetches[key] = running = Task.Run(() => FetchAsync(key, fetch), CancellationToken.None);
            return running.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private async Task<AccessToken> FetchAsync(string key, Func<CancellationToken, Task<AccessToken>> fetch)
    {
        try
        {
            var token = await fetch(_closing.Token);
            lock (_gate)
                _tokens.Add(token);
            return token;
        }
        finally
        {
            lock (_gate)
                _fetches.Remove(key);
        }
    }
}

/// <summary>A token of a token service.</summary>
/// <param name="Value">The token itself.</param>
/// <param name="Scopes">The requested scopes; the service may have granted fewer.</param>
/// <param name="UseUntil">A little before it expires, by our clock.</param>
internal sealed record AccessToken(string Value, ScopeSet Scopes, DateTimeOffset UseUntil)
{
    // Never the secret, whatever prints this.
    public override string ToString() => nameof(AccessToken);
}
