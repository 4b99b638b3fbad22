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
        Root.Kill(entireProcessTree: true);
        for (var round = 0; round < MostRounds && mark.Find() is [_, ..] left; round++)
        {
            foreach (var id in left)
                Kill(id);
        }
    }

    public void Dispose() => Root.Dispose();

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        // It has ended meanwhile.
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or Win32Exception)
        {
        }
    }
}
