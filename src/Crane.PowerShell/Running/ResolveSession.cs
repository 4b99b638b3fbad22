using Crane.Commands.Base;
using Crane.Comparing;
using Crane.Loading;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;
using Crane.Resolving;

namespace Crane.Running;

/// <summary>Looks up what plans would move, in a local store and in registries.</summary>
internal sealed class ResolveSession(CraneCommand command, RunOptions options, TransferOptions transfer)
{
    /// <summary>Resolves moves; returns them in their order.</summary>
    /// <exception cref="CraneException">As for <see cref="IAdapters.OpenLocalAsync"/>, where a plan needs the local store.</exception>
    public IReadOnlyList<ResolvedPlan> Run(StoreRequest request, IReadOnlyList<CheckedMove> moves)
    {
        var resolved = new List<ResolvedPlan>(moves.Count);
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(request);
        pump.Run(async cancellation =>
        {
            await using var registries = Adapters.Current.OpenRegistries(watched);
            await using var local = moves.Any(move => move.Plan.Operation != RetagOperation.Copy)
                ? await Adapters.Current.OpenLocalAsync(watched, cancellation) : null;
            var resolver = new PlanResolver(local, new RegistryView(registries, cancellation), registries, options, transfer);
            resolved.AddRange(await Task.WhenAll(resolver.Start(moves, cancellation)));
        });
        return resolved;
    }
}
