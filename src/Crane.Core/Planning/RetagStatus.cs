namespace Crane;

/// <summary>Where a plan stands.</summary>
public enum RetagStatus
{
    /// <summary>It would be run.</summary>
    Planned,

    /// <summary>It is not run; the plan's Reason says why.</summary>
    Skipped,

    /// <summary>Source and target were the same already; nothing moved.</summary>
    UpToDate,

    /// <summary>It was run.</summary>
    Succeeded,

    /// <summary>It was run and failed; the result's Error says why.</summary>
    Failed,

    /// <summary>It was stopped before it ended.</summary>
    Canceled,
}
