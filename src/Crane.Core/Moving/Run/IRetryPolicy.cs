namespace Crane.Moving.Run;

/// <summary>Tries work again after a transient fault, with growing pauses.</summary>
internal interface IRetryPolicy
{
    /// <summary>Runs <paramref name="work"/> until it succeeds, fails for good or has been tried often enough.</summary>
    /// <param name="work">What to do; its CraneException says whether it is transient.</param>
    /// <param name="retrying">Told of each fault that is tried again, and of the pause before.</param>
    /// <param name="cancellation">Ends the work and the pauses.</param>
    Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> work, Action<CraneException, TimeSpan> retrying, CancellationToken cancellation);
}
