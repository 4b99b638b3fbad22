using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>Runs a program to its end, with its input and output; on cancellation, kills it with all its descendants.</summary>
internal static class ProgramRun
{
    private const int BufferSize = 4 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// How long the streams of a program that has ended are read without output. Its own output has arrived by then; processes
    /// that it left in the background may keep the streams open forever.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <param name="start">The program, its arguments and its variables; redirection is set here.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">Receives its output as it arrives. An exception kills the program.</param>
    /// <param name="errors">Receives its error stream likewise, concurrently.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <param name="leavesNothing">Whether a later cancellation still kills what it left in the background.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">The system cannot run it.</exception>
    public static async Task<int> RunAsync(
        ProcessStartInfo start, string input, Action<ReadOnlyMemory<char>> output, Action<ReadOnlyMemory<char>> errors,
        CancellationToken cancellation, bool leavesNothing = false)
    {
        cancellation.ThrowIfCancellationRequested();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var tree = ProcessTree.Start(Redirected(start));
        try
        {
            // Concurrently: a program that prints before it reads must not block on a full pipe.
            var exited = tree.Root.WaitForExitAsync(ending.Token);
            await Task.WhenAll(
                ReadAsync(tree.Root.StandardOutput, output, exited, ending),
                ReadAsync(tree.Root.StandardError, errors, exited, ending),
                WriteAsync(tree.Root.StandardInput, input, ending.Token));
            await exited;
            if (leavesNothing)
                cancellation.Register(tree.Kill);
            return tree.Root.ExitCode;
        }
        catch
        {
            tree.Kill();
            throw;
        }
    }

    private static ProcessStartInfo Redirected(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = start.StandardOutputEncoding = start.StandardErrorEncoding = Utf8;
        return start;
    }

    private static async Task ReadAsync(StreamReader stream, Action<ReadOnlyMemory<char>> take, Task exited, CancellationTokenSource ending)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        var buffer = new char[BufferSize];
        try
        {
            while (true)
            {
                var read = stream.ReadAsync(buffer, silence.Token).AsTask();
                if (await Task.WhenAny(read, exited) != read)
                    silence.CancelAfter(Grace);
                if (await read is not (> 0 and var count))
                    return;
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                take(buffer.AsMemory(0, count));
            }
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            // It has ended, and its grace period is over.
        }
        catch
        {
            // The other stream need not be read to its end, which may never come.
            await ending.CancelAsync();
            throw;
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
