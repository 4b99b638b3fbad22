using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Crane.Adapters.Credentials;
using Crane.Building;
using Crane.Planning;

namespace Crane.Adapters.Building.Hooks;

/// <summary>Runs hooks as processes of this machine.</summary>
/// <param name="environment">Where programs are looked for.</param>
internal sealed class HookRunner(DockerEnvironment environment) : IHookRunner
{
    private const string ContainerVariable = "CRANE_HOOKED_CONTAINER";

    /// <summary>
    /// How long output is waited for when the program has ended. What it printed itself is there by then; what it has left
    /// in the background may hold its streams for ever, and goes on unheard.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var lines = new HookOutput(output);
        using var hearing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var tree = new ProcessTree(Start(command, out var mark), mark);
        var heard = Task.WhenAll(
            lines.ReadOutputAsync(tree.Root.StandardOutput, hearing.Token), lines.ReadErrorAsync(tree.Root.StandardError, hearing.Token));
        try
        {
            await tree.Root.WaitForExitAsync(cancellation);
            await Task.WhenAny(heard, Task.Delay(Grace, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            tree.Kill();
            throw;
        }
        finally
        {
            await hearing.CancelAsync();
            await heard;
        }

        if (tree.Root.ExitCode != 0)
            throw HookFaults.Failed(command, tree.Root.ExitCode, lines.Tail);
    }

    private Process Start(HookCommand command, out ProcessMark mark)
    {
        if (!Directory.Exists(command.Folder))
            throw HookFaults.NoFolder(command);
        var path = Find(command) ?? throw HookFaults.NoProgram(command);
        var start = new ProcessStartInfo(path, command.Arguments)
        {
            WorkingDirectory = command.Folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment[ContainerVariable] = command.Container;
        mark = ProcessMark.Put(start);
        try
        {
            var process = Process.Start(start)!;
            // Nobody is there to answer a hook that asks.
            process.StandardInput.Close();
            return process;
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
