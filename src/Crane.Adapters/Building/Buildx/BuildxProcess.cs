using System.ComponentModel;
using System.Diagnostics;
using Crane.Adapters.Programs;

namespace Crane.Adapters.Building.Buildx;

/// <summary>Runs Buildx to its end.</summary>
internal static class BuildxProcess
{
    // One of the lines in which Buildx tells its progress has what a step has printed meanwhile.
    private const int LongestLine = 16 * 1024 * 1024;

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
        var start = new ProcessStartInfo(program.Path, program.Arguments.Concat(arguments));
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var gate = new object();
        OutputLines[] streams = [new(LongestLine, Take), new(LongestLine, Take)];
        try
        {
            return await ProgramRun.RunAsync(start, input, streams[0].Take, streams[1].Take, cancellation);
        }
        catch (Win32Exception fault)
        {
            throw BuildxFaults.NotStarted(program, fault);
        }
        finally
        {
            foreach (var stream in streams)
                stream.End();
        }

        void Take(string line)
        {
            lock (gate)
                output(line);
        }
    }
}
