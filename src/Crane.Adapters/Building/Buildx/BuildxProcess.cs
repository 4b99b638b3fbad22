using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Crane.Adapters.Building.Hooks;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Runs Buildx to its end.</summary>
internal static class BuildxProcess
{
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments. Everybody on the machine sees them: nothing secret may be there.</param>
    /// <param name="variables">Variables that it has other values of, null for none.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="output">Takes each line that it prints, on either stream; one at a time.</param>
    /// <param name="cancellation">Ends it, with every process that it has started.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CraneException">BuildFailed where the system does not run it.</exception>
    public static async Task<int> RunAsync(
        BuildxProgram program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> variables,
        string input,
        Action<string> output,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var tree = new ProcessTree(Start(program, arguments, variables, out var mark), mark);
        try
        {
            var gate = new object();
            await Task.WhenAll(
                ReadAsync(tree.Root.StandardOutput, output, gate, cancellation),
                ReadAsync(tree.Root.StandardError, output, gate, cancellation),
                WriteAsync(tree.Root.StandardInput, input, cancellation));
            await tree.Root.WaitForExitAsync(cancellation);
            return tree.Root.ExitCode;
        }
        catch (OperationCanceledException)
        {
            tree.Kill();
            throw;
        }
    }

    private static Process Start(
        BuildxProgram program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> variables,
        out ProcessMark mark)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo(program.Path, program.Arguments.Concat(arguments))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = encoding,
            StandardOutputEncoding = encoding,
            StandardErrorEncoding = encoding,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        mark = ProcessMark.Put(start);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw BuildxFaults.NotStarted(program, fault);
        }
    }

    private static async Task ReadAsync(StreamReader stream, Action<string> output, object gate, CancellationToken cancellation)
    {
        while (await stream.ReadLineAsync(cancellation) is { } line)
        {
            lock (gate)
                output(line);
        }
    }

    private static async Task WriteAsync(StreamWriter stream, string input, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(input.AsMemory(), cancellation);
            stream.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; what it printed and its exit code say why.
        }
    }
}
