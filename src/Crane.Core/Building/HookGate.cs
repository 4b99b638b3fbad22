using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Building;

/// <summary>The pre-tag hooks of crane files as gates.</summary>
internal sealed class HookGate(IHookRunner runner) : IGate
{
    public bool Guards(RetagPlan plan) => HookCommand.Gate(plan) is not null;

    public async Task CheckAsync(MoveContext run, StagedImage image, CancellationToken cancellation)
    {
        var plan = run.Move.Plan;
        if (image.Image is not { } name)
            throw new CraneException(
                CraneErrorId.GateFailed,
                $"The pre-tag hook of '{plan.Container}' cannot be asked: the digest of '{plan.Source}' is unknown.",
                "The engine does not say it. Use a docker engine or a layout folder, or remove the hook.");
        var platforms = string.Join(',', image.Platforms);
        var command = HookCommand.Gate(plan)!.About(
            $"{name.Registry}/{name.Repository}@{name.Digest}", platforms.Length == 0 ? null : platforms);
        run.Step($"run {command.Name}: {command.Text}");
        await runner.RunAsync(command, run.Step, cancellation);
    }
}
