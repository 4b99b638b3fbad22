using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Crane.Adapters.Machine;

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
        catch (Exception exception) when (exception is AggregateException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile, or some of it runs as somebody else, whom this user cannot end.
        }
    }
}

/// <summary>
/// A variable by which the processes that descend from one are known, also those whose parent has ended: these belong to
/// the system's first process then, and no walk from parent to child finds them. Linux shows the environment in which
/// a process was started (proc_pid_environ(5)).
/// </summary>
internal sealed class ProcessMark
{
    private const string Variable = "CRANE_HOOK_RUN";

    private readonly byte[] _entry;

    private ProcessMark(string value) => _entry = Encoding.ASCII.GetBytes($"{Variable}={value}\0");

    /// <summary>Marks a process that is about to be started, and so what it starts in turn.</summary>
    public static ProcessMark Put(ProcessStartInfo start)
    {
        var value = Guid.NewGuid().ToString("n");
        start.Environment[Variable] = value;
        return new(value);
    }

    /// <summary>The ids of the marked processes that live; none where the system does not tell.</summary>
    public IReadOnlyList<int> Find() => OperatingSystem.IsLinux()
        ? [.. Directory.EnumerateDirectories("/proc").Select(Id).OfType<int>().Where(IsMarked)]
        : [];

    private static int? Id(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private bool IsMarked(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(_entry) >= 0;
        }
        // It has ended meanwhile, or belongs to somebody else.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>
/// Has something done before this process ends: by itself, or as the system asks it to (SIGTERM). That it then ends, and how,
/// stays as it is. Until this is disposed.
/// </summary>
internal sealed class ProcessEnd : IDisposable
{
    private readonly Action _work;
    private readonly PosixSignalRegistration _signal;

    public ProcessEnd(Action work)
    {
        _work = work;
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => work());
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _signal.Dispose();
    }

    private void OnExit(object? sender, EventArgs arguments) => _work();
}
