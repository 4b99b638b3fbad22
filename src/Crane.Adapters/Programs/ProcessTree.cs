using System.ComponentModel;
using System.Diagnostics;

namespace Crane.Adapters.Programs;

/// <summary>
/// A process and everything that descends from it. It is ended with this process, where that can still do something when it
/// ends.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    // What is killed may have started something the moment before; what starts faster than this is meant to.
    private const int MostRounds = 20;

    private readonly ProcessMark _mark;
    private readonly ProcessEnd _end;

    private ProcessTree(Process root, ProcessMark mark) => (Root, _mark, _end) = (root, mark, new ProcessEnd(Kill));

    /// <summary>The first process.</summary>
    public Process Root { get; }

    /// <summary>Starts a process.</summary>
    /// <exception cref="Win32Exception">The system does not run it.</exception>
    public static ProcessTree Start(ProcessStartInfo start)
    {
        var mark = ProcessMark.Put(start);
        return new ProcessTree(Process.Start(start)!, mark);
    }

    /// <summary>Ends all of them, at once.</summary>
    public void Kill()
    {
        Kill(Root, entireTree: true);
        for (var round = 0; round < MostRounds && _mark.Find() is [_, ..] left; round++)
        {
            foreach (var process in left.Select(TryFind).OfType<Process>())
            {
                using (process)
                    Kill(process, entireTree: false);
            }
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        Root.Dispose();
    }

    private static Process? TryFind(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            // It has ended meanwhile.
            return null;
        }
    }

    private static void Kill(Process process, bool entireTree)
    {
        try
        {
            process.Kill(entireTree);
        }
        catch (Exception fault) when (fault is AggregateException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile, or some of it runs as somebody else, whom this user cannot end.
        }
    }
}
