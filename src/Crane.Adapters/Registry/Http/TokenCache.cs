namespace Crane.Adapters.Registry.Http;

/// <summary>
/// The tokens of one registry. Requests that need the same token at the same time wait for one fetch, which goes on when one
/// of them is canceled.
/// </summary>
internal sealed class TokenCache(TimeProvider time) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<AccessToken> _tokens = [];
    private readonly Dictionary<string, Task<AccessToken>> _fetches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>A token for the scopes: one that is there and not near its end, else a new one.</summary>
    public Task<AccessToken> GetAsync(
        ScopeSet scopes, AccessToken? refused, Func<CancellationToken, Task<AccessToken>> fetch, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _tokens.RemoveAll(token => ReferenceEquals(token, refused) || token.UseUntil <= now);
            var key = scopes.ToString();
            // A token for more may have been granted for less, so after a refusal only one for just this will do.
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

/// <summary>A token as a token service gave it.</summary>
/// <param name="Value">What the registry is sent.</param>
/// <param name="Scopes">What it was asked for; the service may have granted less.</param>
/// <param name="UseUntil">Somewhat before its end, by our own clock.</param>
internal sealed record AccessToken(string Value, ScopeSet Scopes, DateTimeOffset UseUntil)
{
    // Never the secret, whatever prints this.
    public override string ToString() => nameof(AccessToken);
}
