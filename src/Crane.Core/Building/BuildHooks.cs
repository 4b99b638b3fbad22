using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Building;

/// <summary>Runs what a crane file says is done around builds, and shows what it prints as steps of the plan.</summary>
internal sealed class BuildHooks(IHookRunner runner, IRunObserver observer)
{
    /// <summary>Runs the pre-build hook of a plan, if it has one.</summary>
    /// <exception cref="CraneException">HookFailed: the image must not be built then.</exception>
    public Task BeforeAsync(RetagPlan plan, CancellationToken cancellation) =>
        RunAsync(plan, HookCommand.Before(plan), cancellation);

    /// <summary>Runs the post-build hook of a plan, if it has one.</summary>
    /// <exception cref="CraneException">HookFailed: the plan has failed then, though the image is built.</exception>
    public Task AfterAsync(RetagPlan plan, CancellationToken cancellation) =>
        RunAsync(plan, HookCommand.After(plan), cancellation);

    private async Task RunAsync(RetagPlan plan, HookCommand? command, CancellationToken cancellation)
    {
        if (command is null)
            return;
        observer.Step(plan, $"run {command.Name}: {command.Text}");
        await runner.RunAsync(command, line => observer.Step(plan, line), cancellation);
    }
}

/// <summary>Runs the commands of hooks on this machine.</summary>
internal interface IHookRunner
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="output">Takes each line that it prints, on either stream, as it prints it; one at a time.</param>
    /// <param name="cancellation">Ends it, with every process that it has started.</param>
    /// <exception cref="CraneException">
    /// HookFailed where there is no such program, or its exit code is not 0; the message has its last output.
    /// </exception>
    Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation);
}
