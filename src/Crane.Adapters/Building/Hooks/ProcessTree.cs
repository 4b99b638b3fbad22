using System.ComponentModel;
using System.Diagnostics;

namespace Crane.Adapters.Building.Hooks;

/// <summary>A process and everything that descends from it.</summary>
/// <param name="root">The process; disposed with the tree.</param>
/// <param name="mark">By which its descendants are known.</param>
internal sealed class ProcessTree(Process root, ProcessMark mark) : IDisposable
{
    // What is killed may have started something the moment before; what starts faster than this is meant to.
    private const int MostRounds = 20;

    /// <summary>The first process.</summary>
    public Process Root { get; } = root;

    /// <summary>Ends all of them, at once.</summary>
    public void Kill()
    {
        Kill(Root, entireTree: true);
        for (var round = 0; round < MostRounds && mark.Find() is [_, ..] left; round++)
        {
            foreach (var process in left.Select(TryFind).OfType<Process>())
            {
                using (process)
                    Kill(process, entireTree: false);
            }
        }
    }

    public void Dispose() => Root.Dispose();

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
