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
        foreach (var (name, value) in command.Variables)
            start.Environment[name] = value;
        var lines = new HookOutput(output);
        try
        {
            // A hook that asks for input gets none.
            var exitCode = await ProgramRun.RunAsync(start, "", lines.Output.Take, lines.Errors.Take, cancellation, leavesNothing: true);
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

    // A path is relative to the folder of the crane file, as for a shell in that folder.
    private string? Find(HookCommand command)
    {
        if (!command.Program.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
            return environment.FindProgram(command.Program);
        var path = Path.GetFullPath(command.Program, command.Folder);
        return File.Exists(path) ? path : null;
    }
}

/// <summary>Splits the output of a hook into lines, and remembers the last ones for an error.</summary>
internal sealed class HookOutput
{
    private const int MaxTailLine = 300;
    private const int MaxLine = 16 * 1024;

    private readonly object _gate = new();
    private readonly Action<string> _output;
    private readonly OutputTail _standard = new();
    private readonly OutputTail _errors = new();

    /// <param name="output">Takes each line; one at a time.</param>
    public HookOutput(Action<string> output)
    {
        _output = output;
        Output = new OutputLines(MaxLine, line => Take(line, _standard));
        Errors = new OutputLines(MaxLine, line => Take(line, _errors));
    }

    public OutputLines Output { get; }

    public OutputLines Errors { get; }

    /// <summary>
    /// The last lines. The order between the two streams is unknown: those of the error stream come last, so that the others
    /// cannot push them out.
    /// </summary>
    public IEnumerable<string> Tail
    {
        get
        {
            lock (_gate)
                return _standard.Before(_errors);
        }
    }

    private void Take(string line, OutputTail tail)
    {
        var text = TerminalText.Plain(line);
        lock (_gate)
        {
            tail.Add(text.Length > MaxTailLine ? $"{text[..MaxTailLine]}…" : text);
            _output(text);
        }
    }
}

/// <summary>The errors of hooks: what failed, and the consequence for the image.</summary>
internal static class HookErrors
{
    private const string OnlyShell = "For a shell command, write sh -c 'COMMAND'.";

    public static CraneException Failed(HookCommand command, int exitCode, IEnumerable<string> output) => Error(
        command,
        $"ended with exit code {exitCode}",
        "Correct the command, or what it needs; -Verbose shows all of its output.",
        string.Concat(output.Select(line => $"\n  {line}")));

    public static CraneException NoProgram(HookCommand command) => Error(
        command,
        command.Program.Contains('/', StringComparison.Ordinal)
            ? $"does not exist in {command.Folder}"
            : "was not found on the PATH",
        $"Install it or correct its name. {OnlyShell}");

    public static CraneException NotStarted(HookCommand command, Win32Exception exception) => Error(
        command,
        $"could not be started: {exception.Message}",
        $"A script must be executable and begin with a line such as #!/bin/sh. {OnlyShell}",
        inner: exception);

    // The folder of the crane file was removed, or is one of another machine.
    public static CraneException NoFolder(HookCommand command) => Error(
        command,
        $"could not be started: its folder {command.Folder} does not exist",
        "Run it on the machine of the crane file: hooks run in its folder.");

    private static CraneException Error(
        HookCommand command, string what, string advice, string output = "", Exception? inner = null) => new(
        command.FailureId,
        $"'{command.Program}', {command.Name}, {what}; {command.Consequence}.{output}",
        advice,
        inner);
}
