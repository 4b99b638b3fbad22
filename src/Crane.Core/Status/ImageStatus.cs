using Crane.CraneFile.Model;
using Crane.Errors;

namespace Crane;

/// <summary>
/// Where an image stands: in a local store, in the registry that it is pulled from, and in the one that it is pushed to. The output of
/// <c>Get-CraneStatus</c>.
/// </summary>
public sealed record ImageStatus
{
    internal ImageStatus() { }

    /// <summary>Name of the container.</summary>
    public string Container { get; internal init; } = "";

    /// <summary>The plain local name.</summary>
    public string Image { get; internal init; } = "";

    /// <summary>The local store.</summary>
    public string Engine { get; internal init; } = "";

    /// <summary>
    /// The worst of Pull, Push and Base, in the order of <see cref="SyncState"/>. A base that is stale or has moved counts as Behind; a
    /// missing one does not count, since a build gets it. Unknown if the local store cannot be reached.
    /// </summary>
    public SyncState State { get; internal init; }

    /// <summary>A digest of the local image in a registry; null if there is no image, or none is known.</summary>
    public string? LocalDigest { get; internal init; }

    /// <summary>When the local image was built, in UTC; null if unknown.</summary>
    public DateTime? Created { get; internal init; }

    /// <summary>The name that the image is pulled from; null if it is not pulled.</summary>
    public string? Official { get; internal init; }

    /// <summary>The digest of that name in its registry; null if it has none or is unknown.</summary>
    public string? OfficialDigest { get; internal init; }

    /// <summary>The local image compared with the official one.</summary>
    public SyncState Pull { get; internal init; }

    /// <summary>Layers that the local image has and the official one does not; null if unknown.</summary>
    public int? PullAhead { get; internal init; }

    /// <summary>Layers that the official image has and the local one does not; null if unknown.</summary>
    public int? PullBehind { get; internal init; }

    /// <summary>Bytes of compressed layers that a pull would move; null if unknown.</summary>
    public long? PullBytes { get; internal init; }

    /// <summary>The name that the image is pushed to; null if it is not pushed.</summary>
    public string? Personal { get; internal init; }

    /// <summary>The digest of that name in its registry; null if it has none or is unknown.</summary>
    public string? PersonalDigest { get; internal init; }

    /// <summary>The local image compared with the personal one.</summary>
    public SyncState Push { get; internal init; }

    /// <summary>Layers that the local image has and the personal one does not; null if unknown.</summary>
    public int? PushAhead { get; internal init; }

    /// <summary>Layers that the personal image has and the local one does not; null if unknown.</summary>
    public int? PushBehind { get; internal init; }

    /// <summary>The local image compared with the image that its Dockerfile builds on.</summary>
    public BaseState Base { get; internal init; }

    /// <summary>The name of that image; null for none.</summary>
    public string? BaseName { get; internal init; }

    /// <summary>The names of all images that its Dockerfile uses, in its order.</summary>
    public IReadOnlyList<string> Uses { get; internal init => field = StringList.Of(value); } = StringList.Of([]);

    /// <summary>The local image compared with the lock file.</summary>
    public LockState Lock { get; internal init; }

    /// <summary>Why something is unknown or skipped; empty if there is nothing to say.</summary>
    public string Reason { get; internal init => field = VisibleText.Message(value); } = "";

    /// <summary>The command that mends it; null if there is nothing to do, or more than one way.</summary>
    public string? Next { get; internal init; }

    /// <summary>All of it in a few words, as in <c>git status -sb</c>: <c>ahead 1, not pushed; official behind 2 (14 MB)</c>.</summary>
    public string Summary { get; internal init; } = "";

    /// <summary>What the row is of; null for one that was read back.</summary>
    internal StatusOrigin? Origin { get; init; }

    /// <summary><c>Container: Summary</c>.</summary>
    public override string ToString() => $"{Container}: {Summary}";
}

/// <summary>The container and the engine of a row, for commands that the row is piped to.</summary>
/// <param name="Engine">The value of -Engine; null for the default.</param>
internal sealed record StatusOrigin(CraneContainer Container, string? Engine);

/// <summary>A local image compared with one in a registry, from the best to the worst.</summary>
public enum SyncState : long
{
    /// <summary>Nothing is pulled or pushed.</summary>
    Skipped,

    /// <summary>Both are the same image.</summary>
    UpToDate,

    /// <summary>The registry does not have the image.</summary>
    Unpublished,

    /// <summary>The local image is another one than was last seen in the registry; the registry still has that.</summary>
    Ahead,

    /// <summary>The registry has another image than the local one, which was last seen there.</summary>
    Behind,

    /// <summary>The local store does not have the image.</summary>
    Missing,

    /// <summary>Both are other images than was last seen in the registry.</summary>
    Diverged,

    /// <summary>The images have no layer in common, and neither is known to come from the other.</summary>
    Unrelated,

    /// <summary>It cannot be found out; Reason says why.</summary>
    Unknown,
}

/// <summary>A local image compared with the image that its Dockerfile builds on, from the best to the worst.</summary>
public enum BaseState : long
{
    /// <summary>It is not built here, or on nothing.</summary>
    None,

    /// <summary>It is built on the newest one that is known.</summary>
    Current,

    /// <summary>It is built on another one than the local store has now.</summary>
    Stale,

    /// <summary>The registry of the base has a newer one than the local store.</summary>
    Moved,

    /// <summary>The local store does not have the base.</summary>
    Missing,
}

/// <summary>A local image compared with the lock file.</summary>
public enum LockState : long
{
    /// <summary>The lock file does not have it, or there is none.</summary>
    None,

    /// <summary>It is the image that was agreed on.</summary>
    Match,

    /// <summary>It is another one.</summary>
    Drift,
}
