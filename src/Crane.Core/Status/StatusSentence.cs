using Crane.Comparing;

namespace Crane.Status;

/// <summary>Says where an image stands, as git does: "ahead" and "behind" are said of the local image.</summary>
internal static class StatusSentence
{
    /// <param name="personal">What the target of the push is called.</param>
    public static string Of(ImageStatus status, string personal = "personal")
    {
        var parts = Parts(status, personal).ToList();
        return parts.Count > 0 ? string.Join("; ", parts)
            : status is { Pull: SyncState.Skipped, Push: SyncState.Skipped } ? "nothing to compare with"
            : "up to date";
    }

    /// <summary>Whether the local store does not have the image.</summary>
    public static bool IsMissing(ImageStatus status) =>
        status.State == SyncState.Missing || status.Pull == SyncState.Missing || status.Push == SyncState.Missing;

    private static IEnumerable<string> Parts(ImageStatus status, string personal)
    {
        if (IsMissing(status))
            yield return "not here" + ByteSize.InParentheses(status.PullBytes);
        if (PushPart(status, personal) is { } push)
            yield return push;
        if (PullPart(status) is { } pull)
            yield return pull;
        if (status.Base is BaseState.Stale or BaseState.Moved or BaseState.Missing)
            yield return $"base {(status.Base == BaseState.Missing ? "not here" : status.Base.ToString().ToLowerInvariant())}";
        if (status.Lock == LockState.Drift)
            yield return "not as locked";
    }

    private static string? PushPart(ImageStatus status, string personal)
    {
        var notPushed = personal == "personal" ? "not pushed" : $"not pushed to {personal}";
        return status.Push switch
        {
            SyncState.Unpublished => status.PullAhead > 0 ? $"ahead {status.PullAhead}, {notPushed}" : notPushed,
            SyncState.Ahead => $"{(status.PushAhead > 0 ? $"ahead {status.PushAhead}" : "changed")}, {notPushed}",
            SyncState.Behind => $"{personal} behind{Count(status.PushBehind)}",
            SyncState.Diverged => $"{personal} ahead{Count(status.PushAhead)}, behind{Count(status.PushBehind)}",
            SyncState.Unrelated => $"{personal} unrelated",
            SyncState.Unknown => $"{personal} unknown",
            _ => null,
        };
    }

    private static string? PullPart(ImageStatus status) => status.Pull switch
    {
        // It has been said with the push.
        SyncState.Ahead when status.Push is SyncState.Ahead or SyncState.Unpublished
            && status.PullAhead == (status.PushAhead ?? status.PullAhead) => null,
        SyncState.Ahead => status.PullAhead > 0 ? $"official ahead {status.PullAhead}" : "official changed here",
        SyncState.Behind => $"official behind{Count(status.PullBehind)}{ByteSize.InParentheses(status.PullBytes)}",
        SyncState.Diverged =>
            $"official ahead{Count(status.PullAhead)}, behind{Count(status.PullBehind)}{ByteSize.InParentheses(status.PullBytes)}",
        SyncState.Unrelated => "official unrelated",
        SyncState.Unpublished => "official has none",
        SyncState.Unknown => "official unknown",
        _ => null,
    };

    private static string Count(int? layers) => layers > 0 ? $" {layers}" : "";
}
