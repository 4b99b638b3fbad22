namespace Crane.Moving.Run;

/// <summary>The token of a run: canceled with the caller's, and by the first failure where nothing shall go on after one.</summary>
internal sealed class RunToken(bool stopOnError, CancellationToken caller) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(caller);

    public CancellationToken Token => _source.Token;

    /// <summary>Takes note of an outcome, as soon as there is one.</summary>
    public RunOutcome Note(RunOutcome outcome)
    {
        if (stopOnError && outcome.Error is not null)
            _source.Cancel();
        return outcome;
    }

    public void Dispose() => _source.Dispose();
}
