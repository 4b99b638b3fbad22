namespace Crane;

/// <summary>What an update of a lock file changed, or would change, for one image.</summary>
public sealed record LockChange
{
    internal LockChange() { }

    /// <summary>Which part of the lock file it is about.</summary>
    public LockEntry Entry { get; internal init; }

    /// <summary>The container; for a base the first one whose Dockerfile names it. Empty for a base that no Dockerfile names.</summary>
    public string Container { get; internal init; } = "";

    /// <summary>The name that was looked up in its registry.</summary>
    public string Reference { get; internal init; } = "";

    /// <summary>The digest in the lock before the update; null for none.</summary>
    public string? Old { get; internal init; }

    /// <summary>The digest that the registry has; for Held it is not locked yet. Null for a removed entry.</summary>
    public string? New { get; internal init; }

    /// <summary>When the New digest was first seen, in UTC; null for removed entries and targets of pushes.</summary>
    public DateTime? Seen { get; internal init; }

    /// <summary>What happens to the digest in the lock.</summary>
    public LockStatus Status { get; internal init; }

    /// <summary>Why; empty if there is nothing to say.</summary>
    public string Reason { get; internal init; } = "";

    /// <summary>Full path of the lock file.</summary>
    public string Path { get; internal init; } = "";

    /// <summary><c>Reference: Status</c>.</summary>
    public override string ToString() => $"{Reference}: {Status}";
}

/// <summary>A part of a lock file.</summary>
public enum LockEntry : long
{
    /// <summary>The image of a container.</summary>
    Image,

    /// <summary>An image that a Dockerfile names, and no container has.</summary>
    Base,

    /// <summary>The target of a push.</summary>
    Push,
}

/// <summary>What an update does with an entry of a lock file.</summary>
public enum LockStatus : long
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It has another digest now.</summary>
    Changed,

    /// <summary>It keeps its digest: the registry has a newer one, which is still too young.</summary>
    Held,

    /// <summary>It keeps its digest, which the registry has.</summary>
    Unchanged,

    /// <summary>It is no longer needed.</summary>
    Removed,
}
