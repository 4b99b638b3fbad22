using Crane.Errors;

namespace Crane;

/// <summary>A plan that has been run: everything the plan said, and what came of it.</summary>
public sealed record RetagResult
{
    internal RetagResult(RetagPlan plan)
    {
        Plan = plan;
        Reason = plan.Reason;
        Status = plan.Status;
    }

    /// <summary>The plan that was run.</summary>
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

    /// <summary>Why it was skipped, or why it was done; empty where that needs no words.</summary>
    public string Reason { get; internal init => field = VisibleText.Message(value); }

    /// <summary>Digest that source and target have in common afterwards; null where it is not known.</summary>
    public string? Digest { get; internal init; }

    /// <summary>Bytes moved over the network, as the engine counts them.</summary>
    public long SizeBytes { get; internal init; }

    /// <summary>Time from the start of this plan to its end.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>The local store that took part.</summary>
    public string Engine { get; internal init; } = "";

    /// <summary>The message of the error of a failed plan; null for others.</summary>
    public string? Error { get; internal init => field = VisibleText.Message(value); }

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

    /// <summary>The same result for another plan that asked for the same move.</summary>
    internal RetagResult For(RetagPlan plan) => this with { Plan = plan };

    /// <summary><c>Operation Source -> Target: Status</c>.</summary>
    public override string ToString() => $"{Plan}: {Status}";
}

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
