using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Crane.Adapters.Machine;

/// <summary>A process and all its descendants. They are killed when this process ends, unless it is killed itself.</summary>
internal sealed class ProcessTree : IDisposable
{
    // A process may start another one just before it is killed.
    private const int MaxRounds = 20;

    private readonly ProcessMark _mark;
    private readonly ProcessEnd _end;

    private ProcessTree(Process root, ProcessMark mark) => (Root, _mark, _end) = (root, mark, new ProcessEnd(Kill));

    public Process Root { get; }

    /// <exception cref="Win32Exception">The system cannot run it.</exception>
    public static ProcessTree Start(ProcessStartInfo start)
    {
        var mark = ProcessMark.Put(start);
        return new ProcessTree(Process.Start(start)!, mark);
    }

    public void Kill()
    {
        Kill(Root, entireTree: true);
        for (var round = 0; round < MaxRounds && _mark.Find() is [_, ..] left; round++)
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
            // It has ended meanwhile, or part of it runs as another user.
        }
    }
}

/// <summary>
/// A variable that marks the descendants of a process, also those whose parent has ended: these become children of the
/// system's first process, so that no walk from parent to child finds them. Linux shows the environment with which a process
/// was started (proc_pid_environ(5)).
/// </summary>
internal sealed class ProcessMark
{
    private const string Variable = "CRANE_HOOK_RUN";

    private readonly byte[] _entry;

    private ProcessMark(string value) => _entry = Encoding.ASCII.GetBytes($"{Variable}={value}\0");

    /// <summary>Marks a process before its start, and so its descendants.</summary>
    public static ProcessMark Put(ProcessStartInfo start)
    {
        var value = Guid.NewGuid().ToString("n");
        start.Environment[Variable] = value;
        return new(value);
    }

    /// <summary>The ids of the running marked processes; none where the system does not show them.</summary>
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
        // It has ended meanwhile, or belongs to another user.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>
/// Does something before this process ends, by itself or with SIGTERM, until this is disposed. How it ends does not change.
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
