using System.Runtime.InteropServices;

namespace Crane.Adapters.Programs;

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
