using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Credentials;
using Crane.Adapters.Programs;
using Crane.Building;
using Crane.Planning;

namespace Crane.Adapters.Building.Hooks;

/// <summary>Runs hooks as processes of this machine.</summary>
/// <param name="environment">Where programs are looked for.</param>
internal sealed class HookRunner(DockerEnvironment environment) : IHookRunner
{
    private const string ContainerVariable = "CRANE_HOOKED_CONTAINER";

    /// <inheritdoc/>
    public async Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Directory.Exists(command.Folder))
            throw HookFaults.NoFolder(command);
        var start = new ProcessStartInfo(Find(command) ?? throw HookFaults.NoProgram(command), command.Arguments)
        {
            WorkingDirectory = command.Folder,
            Environment = { [ContainerVariable] = command.Container },
        };
        var lines = new HookOutput(output);
        try
        {
            // Nobody is there to answer a hook that asks.
            var exitCode = await ProgramRun.RunAsync(start, input: "", lines.Output.Take, lines.Errors.Take, cancellation, leavesNothing: true);
            lines.Output.End();
            lines.Errors.End();
            if (exitCode != 0)
                throw HookFaults.Failed(command, exitCode, lines.Tail);
        }
        catch (Win32Exception fault)
        {
            throw HookFaults.NotStarted(command, fault);
        }
    }

    // A path is one from the folder of the crane file, as it would be to a shell there.
    private string? Find(HookCommand command)
    {
        if (!command.Program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
            return ProgramSearch.Find(command.Program, environment);
        var path = Path.GetFullPath(command.Program, command.Folder);
        return File.Exists(path) ? path : null;
    }
}
