using Crane.Planning;

namespace Crane.Building;

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
