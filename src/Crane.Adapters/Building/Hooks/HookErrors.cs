using System.ComponentModel;
using Crane.Planning;

namespace Crane.Adapters.Building.Hooks;

/// <summary>The errors of hooks: what failed, and what that means for the image.</summary>
internal static class HookErrors
{
    private const string OnlyShell = "Where a shell is meant, say so: sh -c 'COMMAND'.";

    /// <summary>The program ended with an error.</summary>
    public static CraneException Failed(HookCommand command, int exitCode, IEnumerable<string> output) => Error(
        command,
        $"ended with exit code {exitCode}",
        "Correct the command, or what it needs; -Verbose shows all that it says.",
        string.Concat(output.Select(line => $"\n  {line}")));

    /// <summary>There is no such program.</summary>
    public static CraneException NoProgram(HookCommand command) => Error(
        command,
        command.Program.Contains('/', StringComparison.Ordinal)
            ? $"is not there: no such file in {command.Folder}"
            : "is no program on the PATH",
        $"Install it, or correct its name. {OnlyShell}");

    /// <summary>The system does not run it.</summary>
    public static CraneException NotStarted(HookCommand command, Win32Exception exception) => Error(
        command,
        $"could not be started: {exception.Message}",
        $"A script needs to be executable and to begin with a line such as #!/bin/sh. {OnlyShell}",
        inner: exception);

    /// <summary>The folder of the crane file is gone, or is one of another machine.</summary>
    public static CraneException NoFolder(HookCommand command) => Error(
        command,
        $"could not be started: its folder {command.Folder} does not exist",
        "Build where the crane file is: hooks run in its folder.");

    private static CraneException Error(
        HookCommand command, string what, string advice, string output = "", Exception? inner = null) => new(
        CraneErrorId.HookFailed,
        $"'{command.Program}', {command.Name}, {what}; {command.Consequence}.{output}",
        advice,
        inner);
}
