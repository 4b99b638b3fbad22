using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Crane.Adapters.Programs;

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
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
