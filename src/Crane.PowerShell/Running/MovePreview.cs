using Crane.Commands.Base;
using Crane.Comparing;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;
using Crane.Resolving;

namespace Crane.Running;

/// <summary>
/// What moves would do, for <c>-WhatIf</c>: it looks up images in the engines and in registries, and changes nothing. Where that is not
/// possible, the results say so.
/// </summary>
internal sealed class MovePreview(PlanCommand command, IReadOnlyList<EngineChoice> engines, TransferOptions transfer)
{
    /// <summary>Returns what would happen to the image of each move on each engine, in the order of the moves.</summary>
    public IReadOnlyList<IReadOnlyList<RunOutcome>> Run(StoreRequest request, IReadOnlyList<CheckedMove> moves)
    {
        if (moves.Count == 0)
            return [];
        var byEngine = engines.Select(engine => Resolve(engine.Of(request), moves)
            .Select(resolved => Outcome(resolved, engine.Engine)).ToList()).ToList();
        return [.. moves.Select((_, index) => byEngine.ConvertAll(outcomes => outcomes[index]))];
    }

    /// <summary>How many bytes a result would move, for the question whether to do it; nothing if that is unknown.</summary>
    public static string Size(IEnumerable<RunOutcome> outcomes) =>
        ByteSize.InParentheses(ByteSize.Sum(outcomes.Select(outcome => outcome.Result.SizeBytes)));

    private IReadOnlyList<ResolvedPlan> Resolve(StoreRequest request, IReadOnlyList<CheckedMove> moves)
    {
        try
        {
            return new ResolveSession(command, command.Options, transfer).Run(request, moves);
        }
        catch (Exception failure) when (failure is not PipelineStoppedException && CraneException.IsFailure(failure, command.StopToken))
        {
            var error = CraneException.From(failure);
            return [.. moves.Select(move => new ResolvedPlan(move.Plan, error))];
        }
    }

    private static RunOutcome Outcome(ResolvedPlan resolved, string? engine)
    {
        var result = new RetagResult(resolved.Plan) { Engine = engine ?? "" };
        return (resolved.Error ?? resolved.Refusal) switch
        {
            null => new RunOutcome(result, null),
            // The engine may reach what this machine does not, and the other way around.
            { Id: CraneErrorId.EngineUnreachable or CraneErrorId.RegistryUnreachable or CraneErrorId.DockerConfigInvalid } error =>
                new RunOutcome(result with { Reason = $"not looked up: {error.Message}" }, null),
            var error => RunOutcome.Failed(result, error),
        };
    }
}
