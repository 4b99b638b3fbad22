using Crane.Errors;

namespace Crane;

/// <summary>The result of a plan, with the properties of the plan.</summary>
public sealed record RetagResult
{
    internal RetagResult(RetagPlan plan)
    {
        Plan = plan;
        Reason = plan.Reason;
        Status = plan.Status;
        Digest = plan.Digest;
        SizeBytes = plan.Status == RetagStatus.Planned ? plan.SizeBytes ?? 0 : 0;
    }

    internal RetagPlan Plan { get; private init; }

    /// <inheritdoc cref="RetagPlan.Container"/>
    public string Container => Plan.Container;

    /// <inheritdoc cref="RetagPlan.Operation"/>
    public RetagOperation Operation => Plan.Operation;

    /// <inheritdoc cref="RetagPlan.Source"/>
    public string Source => Plan.Source;

    /// <inheritdoc cref="RetagPlan.Target"/>
    public string Target => Plan.Target;

    /// <summary>How it ended; Planned under <c>-WhatIf</c>.</summary>
    public RetagStatus Status { get; internal init; }

    /// <summary>Why it was skipped or run; empty if there is nothing to say.</summary>
    public string Reason { get; internal init => field = VisibleText.Message(value); }

    /// <summary>
    /// The digest of source and target after the run, or the id of a built image; that of the plan if it was not run. Null if unknown.
    /// </summary>
    public string? Digest { get; internal init; }

    /// <summary>
    /// The digest that the target in a registry had before the run or, for a pull, the one that was last pulled from the source;
    /// <c>none</c> if there was none. Null if unknown.
    /// </summary>
    public string? PreviousDigest { get; internal init; }

    /// <summary>
    /// The engine's id, or in a folder the digest, of the image that had the local name before the run: the plain name of a pull or a
    /// build, the remote name of a push; <c>none</c> if there was none. Null for a copy, or if unknown.
    /// </summary>
    public string? PreviousId { get; internal init; }

    /// <summary>Bytes transferred, as counted by the engine; under <c>-WhatIf</c> bytes that would be.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>
    /// Bytes of the image itself, however many were transferred, as Get-CraneImage shows them: as an engine counts them, compressed in a
    /// folder and for a copy. Null if it was not read, as for a copy that is up to date, or if an engine does not say.
    /// </summary>
    public long? ImageSizeBytes { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The local store.</summary>
    public string Engine { get; internal init; } = "";

    /// <summary>The error message of a failed plan; null for others.</summary>
    public string? Error { get; internal init => field = VisibleText.Message(value); }

    /// <inheritdoc cref="RetagPlan.TargetDigest"/>
    public string? TargetDigest => Plan.TargetDigest;

    /// <inheritdoc cref="RetagPlan.Platform"/>
    public string? Platform => Plan.Platform;

    /// <inheritdoc cref="RetagPlan.Overwrite"/>
    public OverwriteMode? Overwrite => Plan.Overwrite;

    /// <inheritdoc cref="RetagPlan.AtomicGroup"/>
    public string? AtomicGroup => Plan.AtomicGroup;

    /// <inheritdoc cref="RetagPlan.Step"/>
    public IReadOnlyList<string> Step => Plan.Step;

    /// <inheritdoc cref="RetagPlan.Base"/>
    public IReadOnlyList<string> Base => Plan.Base;

    /// <inheritdoc cref="RetagPlan.DeclaredBase"/>
    public IReadOnlyList<DeclaredBase>? DeclaredBase => Plan.DeclaredBase;

    /// <inheritdoc cref="RetagPlan.Build"/>
    public ContainerBuild? Build => Plan.Build;

    /// <inheritdoc cref="RetagPlan.PullReference"/>
    public string? PullReference => Plan.PullReference;

    /// <inheritdoc cref="RetagPlan.Push"/>
    public string? Push => Plan.Push;

    /// <inheritdoc cref="RetagPlan.Hook"/>
    public ContainerHook? Hook => Plan.Hook;

    /// <inheritdoc cref="RetagPlan.HookedContainer"/>
    public string? HookedContainer => Plan.HookedContainer;

    /// <inheritdoc cref="RetagPlan.Requires"/>
    public IReadOnlyList<string> Requires => Plan.Requires;

    /// <inheritdoc cref="RetagPlan.RegistrySetting"/>
    public IReadOnlyList<RegistrySetting>? RegistrySetting => Plan.RegistrySetting;

    /// <inheritdoc cref="RetagPlan.Path"/>
    public string? Path => Plan.Path;

    /// <inheritdoc cref="RetagPlan.Line"/>
    public int Line => Plan.Line;

    /// <summary>The same result for another plan with the same move.</summary>
    internal RetagResult For(RetagPlan plan) => this with { Plan = plan };

    /// <summary><c>Operation Source -> Target: Status</c>.</summary>
    public override string ToString() => $"{Plan}: {Status}";
}

/// <summary>The status of a plan.</summary>
public enum RetagStatus : long
{
    /// <summary>It can be run.</summary>
    Planned,

    /// <summary>It is not run; Reason says why.</summary>
    Skipped,

    /// <summary>Source and target were the same already.</summary>
    UpToDate,

    /// <summary>It was run.</summary>
    Succeeded,

    /// <summary>It was run and failed; Error says why.</summary>
    Failed,

    /// <summary>It was stopped.</summary>
    Canceled,
}
