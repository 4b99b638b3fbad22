using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>Runs a program to its end: gives it its input, hears what it prints, and ends it with all that it has started.</summary>
internal static class ProgramRun
{
    private const int BufferSize = 4 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// How long a program that has ended may be silent until it is heard no more. What it printed itself is there by then;
    /// what it has left in the background may hold its streams for ever, and goes on unheard.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <param name="start">The program, its arguments and its variables; how its streams are redirected is set here.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="output">Takes what it prints, as it comes. What it throws ends the program.</param>
    /// <param name="errors">The same for its error stream; at the same time.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="leavesNothing">Whether a later cancellation still ends what it has left in the background.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="Win32Exception">The system does not run it.</exception>
    public static async Task<int> RunAsync(
        ProcessStartInfo start, string input, Action<ReadOnlyMemory<char>> output, Action<ReadOnlyMemory<char>> errors,
        CancellationToken cancellation, bool leavesNothing = false)
    {
        cancellation.ThrowIfCancellationRequested();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var tree = ProcessTree.Start(Redirected(start));
        try
        {
            // All at the same time: a program that talks before it reads must not block on a full pipe.
            var exited = tree.Root.WaitForExitAsync(ending.Token);
            await Task.WhenAll(
                HearAsync(tree.Root.StandardOutput, output, exited, ending),
                HearAsync(tree.Root.StandardError, errors, exited, ending),
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

    private static async Task HearAsync(
        StreamReader stream, Action<ReadOnlyMemory<char>> take, Task exited, CancellationTokenSource ending)
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
            // It has ended, and so has its grace.
        }
        catch
        {
            // The other stream need not be heard to its end, which may never come.
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
