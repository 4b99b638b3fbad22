using Crane.Comparing;
using Crane.Names;

namespace Crane.Status;

/// <summary>An image compared with all sides of one row.</summary>
/// <param name="Local">The local image; null for none.</param>
internal sealed record StatusSides(LocalImage? Local, SyncOutcome Pull, SyncOutcome Push, (BaseState State, string Reason) Base)
{
    /// <summary>Why the local store cannot be asked; null if it can.</summary>
    public CraneException? Error { get; init; }
}

/// <summary>Makes the row of an image.</summary>
internal static class StatusRow
{
    /// <param name="index">Which of the targets of the push the row is for.</param>
    /// <param name="engine">The name of the local store.</param>
    /// <param name="note">What is to be said of all rows; empty for nothing.</param>
    /// <param name="engineArgument">The value of -Engine for commands; null for the default.</param>
    public static ImageStatus Of(StatusTarget target, int index, StatusSides sides, string engine, string note, string? engineArgument)
    {
        var (pull, push) = (sides.Pull, sides.Push);
        var isCompared = pull.State != SyncState.Skipped || push.State != SyncState.Skipped;
        var personal = target.Personal.ElementAtOrDefault(index);
        var row = new ImageStatus
        {
            Container = target.Container.Name,
            Image = target.Plain.ToString(),
            Engine = engine,
            State = StateOf(sides),
            LocalDigest = DigestOf(sides)?.ToString(),
            Created = sides.Local?.Created?.UtcDateTime,
            Official = target.Official?.RemoteName,
            OfficialDigest = pull.Digest,
            Pull = pull.State,
            PullAhead = pull.Ahead,
            PullBehind = pull.Behind,
            PullBytes = pull.Bytes,
            Personal = personal?.RemoteName,
            PersonalDigest = push.Digest,
            Push = push.State,
            PushAhead = push.Ahead,
            PushBehind = push.Behind,
            Base = sides.Base.State,
            BaseName = target.Base?.Image?.ToString(),
            Uses = [.. (target.Base?.Uses ?? []).Select(name => name.ToString())],
            Lock = LockOf(target, sides),
            Origin = new StatusOrigin(target.Container, engineArgument),
            Reason = Joined(
                sides.Error?.Message ?? "", pull.Reason,
                IsNowhere(pull) ? $"the registry of the pull does not have {target.Official} either" : "",
                push.Reason, sides.Base.Reason, isCompared ? note : ""),
        };
        return row with
        {
            Next = sides.Error is not null ? null : NextCommand.Of(
                row, target.Container.Build is not null, pull.IsPublished, pull.LogIn ?? push.LogIn, engineArgument),
            Summary = sides.Error is not null
                ? "unknown"
                : StatusSentence.Of(row, target.Personal.Count > 1 ? $":{personal!.TagOrDefault}" : "personal"),
        };
    }

    private static bool IsNowhere(SyncOutcome pull) => pull is { State: SyncState.Missing, IsPublished: false };

    private static string Joined(params string[] reasons) =>
        string.Join("; ", reasons.Where(reason => reason.Length > 0).Distinct().Select(reason => reason.TrimEnd('.')));

    private static SyncState StateOf(StatusSides sides)
    {
        if (sides.Error is not null)
            return SyncState.Unknown;
        SyncState[] states =
        [
            sides.Pull.State, sides.Push.State,
            sides.Base.State is BaseState.Stale or BaseState.Moved ? SyncState.Behind : SyncState.Skipped,
            // An image that is neither pulled nor pushed can still be missing.
            sides.Local is null ? SyncState.Missing : SyncState.Skipped,
        ];
        return states.Max();
    }

    // What is not here is missing, and no drift.
    private static LockState LockOf(StatusTarget target, StatusSides sides) => (target.Locked, sides.Local) switch
    {
        (null, _) or (_, null) => LockState.None,
        ({ Current.Digest: var locked }, var local) => local.Digests.Contains(locked) || IsOneOf(locked, sides.Pull)
            ? LockState.Match : LockState.Drift,
    };

    // A folder that has one platform does not know the digest of its index.
    private static bool IsOneOf(Digest index, SyncOutcome pull) => pull.State == SyncState.UpToDate && pull.Digest == index.ToString();

    // The digest that a registry has, rather than another one of the same image.
    private static Digest? DigestOf(StatusSides sides) => sides.Local is not { } local ? null
        : new[] { sides.Pull.Digest, sides.Push.Digest }.Select(text => Digest.TryParse(text, out var digest) ? digest : null)
            .FirstOrDefault(digest => digest is not null && local.Digests.Contains(digest))
        ?? local.PushDigest
        ?? local.Digests.OrderBy(digest => digest.ToString(), StringComparer.Ordinal).FirstOrDefault();
}
