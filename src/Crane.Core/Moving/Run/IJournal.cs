namespace Crane.Moving.Run;

/// <summary>Remembers which names are being changed together, so that a run that was killed can be finished or undone.</summary>
internal interface IJournal
{
    /// <summary>Writes an entry, which is removed when what is returned is disposed. If this process is killed, it stays.</summary>
    /// <exception cref="CraneException">FileNotWritten.</exception>
    Task<IAsyncDisposable> BeginAsync(JournalEntry entry, CancellationToken cancellation);

    /// <summary>Passes the entries of a store that killed processes have left to a function, and removes those for which it succeeds.</summary>
    /// <exception cref="CraneException">What the function throws, with advice about how to give the entry up.</exception>
    Task RecoverAsync(string store, Func<JournalEntry, Task> recover, CancellationToken cancellation);
}

/// <summary>The names of a store that are changed together.</summary>
/// <param name="Store">The store, as <see cref="INames.Store"/> names it.</param>
/// <param name="Changes">The changes. Where an image is not known yet, they can only be undone.</param>
internal sealed record JournalEntry(string Store, IReadOnlyList<NameChange> Changes)
{
    /// <summary>Whether all new images are there, so that the changes can be finished.</summary>
    public bool IsComplete { get; init; } = true;
}
