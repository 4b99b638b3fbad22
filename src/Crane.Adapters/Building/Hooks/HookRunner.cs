using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Machine;
using Crane.Building;
using Crane.Planning;

namespace Crane.Adapters.Building.Hooks;

/// <summary>Runs hooks as processes of this machine.</summary>
internal sealed class HookRunner(DockerEnvironment environment) : IHookRunner
{
    private const string ContainerVariable = "CRANE_HOOKED_CONTAINER";

    /// <inheritdoc/>
    public async Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Directory.Exists(command.Folder))
            throw HookErrors.NoFolder(command);
        var start = new ProcessStartInfo(Find(command) ?? throw HookErrors.NoProgram(command), command.Arguments)
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
                throw HookErrors.Failed(command, exitCode, lines.Tail);
        }
        catch (Win32Exception exception)
        {
            throw HookErrors.NotStarted(command, exception);
        }
    }

    // A path is one from the folder of the crane file, as it would be to a shell there.
    private string? Find(HookCommand command)
    {
        if (!command.Program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
            return environment.FindProgram(command.Program);
        var path = Path.GetFullPath(command.Program, command.Folder);
        return File.Exists(path) ? path : null;
    }
}

/// <summary>Makes lines of what a hook prints on its two streams, and remembers the last ones for an error.</summary>
internal sealed class HookOutput
{
    private const int LongestTailLine = 300;
    private const int LongestLine = 16 * 1024;

    private readonly object _gate = new();
    private readonly Action<string> _output;
    private readonly OutputTail _printed = new();
    private readonly OutputTail _complaints = new();

    /// <param name="output">Takes each line; one at a time.</param>
    public HookOutput(Action<string> output)
    {
        _output = output;
        Output = new OutputLines(LongestLine, line => Take(line, _printed));
        Errors = new OutputLines(LongestLine, line => Take(line, _complaints));
    }

    public OutputLines Output { get; }

    public OutputLines Errors { get; }

    /// <summary>
    /// The last lines. Which of the two streams said something first cannot be known: what is said of errors comes last, and
    /// is not pushed out by the rest.
    /// </summary>
    public IEnumerable<string> Tail
    {
        get
        {
            lock (_gate)
                return _printed.Before(_complaints);
        }
    }

    private void Take(string line, OutputTail tail)
    {
        var text = TerminalText.Plain(line);
        lock (_gate)
        {
            tail.Add(text.Length > LongestTailLine ? $"{text[..LongestTailLine]}…" : text);
            _output(text);
        }
    }
}
