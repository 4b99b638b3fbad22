using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Building;

/// <summary>Runs the hooks of builds, and reports their output as steps of the plan.</summary>
internal sealed class BuildHooks(IHookRunner runner, IRunObserver observer)
{
    /// <summary>Runs the pre-build hook of a plan, if any.</summary>
    /// <exception cref="CraneException">HookFailed: the image must not be built.</exception>
    public Task BeforeAsync(RetagPlan plan, CancellationToken cancellation) => RunAsync(plan, HookCommand.Before(plan), cancellation);

    /// <summary>Runs the post-build hook of a plan, if any.</summary>
    /// <exception cref="CraneException">HookFailed: the plan has failed, though the image is built.</exception>
    public Task AfterAsync(RetagPlan plan, CancellationToken cancellation) => RunAsync(plan, HookCommand.After(plan), cancellation);

    private async Task RunAsync(RetagPlan plan, HookCommand? command, CancellationToken cancellation)
    {
        if (command is null)
            return;
        observer.Progress(plan, new ImageProgress($"{command.Name} {command.Text}"));
        observer.Step(plan, $"run {command.Name}: {command.Text}");
        await runner.RunAsync(command, line => observer.Step(plan, line), cancellation);
    }
}

/// <summary>Runs the commands of hooks on this machine.</summary>
internal interface IHookRunner
{
    /// <summary>Runs a command with its variables and <c>CRANE_HOOKED_CONTAINER</c>.</summary>
    /// <param name="output">Receives each line of its output and error output, one at a time.</param>
    /// <param name="cancellation">Ends it with all of its child processes.</param>
    /// <exception cref="CraneException">
    /// The id of the command's failure, with its last output, if the exit code is not 0 or there is no such program.
    /// </exception>
    Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation);
}
