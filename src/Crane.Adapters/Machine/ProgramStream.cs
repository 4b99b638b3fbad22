using System.ComponentModel;
using System.Diagnostics;

namespace Crane.Adapters.Machine;

/// <summary>
/// A program's input and output as one stream: a connection that the program makes. The program ends with the stream, and at the
/// latest with this process.
/// </summary>
internal sealed class ProgramStream : Stream
{
    private const int MaxLine = 1000;

    /// <summary>How long a program may take to end, and to say why, after it has closed its output.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly string _name;
    private readonly Process _process;
    private readonly ProcessEnd _end;
    private readonly OutputTail _errors = new();
    private readonly Task _reading;
    private readonly Stream _input;
    private readonly Stream _output;
    private int _isDisposed;

    private ProgramStream(string name, Process process)
    {
        (_name, _process) = (name, process);
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        _end = new ProcessEnd(Kill);
        _reading = ReadErrorsAsync(process.StandardError);
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="start">The program and its arguments; redirection is set here.</param>
    /// <exception cref="Win32Exception">The system cannot run it.</exception>
    public static ProgramStream Start(string name, ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return new ProgramStream(name, Process.Start(start)!);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ProgramFailure">The program has failed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _output.ReadAsync(buffer, cancellationToken);
        return count > 0 || buffer.IsEmpty || await FailureAsync() is not { } failure ? count : throw failure;
    }

    /// <exception cref="ProgramFailure">The program has failed.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _input.WriteAsync(buffer, cancellationToken);
            await _input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It has closed its input; why it did says more than that.
            throw await FailureAsync() ?? new ProgramFailure(_name, null, []);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is written is flushed.
    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Kill();
            _end.Dispose();
            _process.Dispose();
        }
        base.Dispose(disposing);
    }

    // Not as a ProcessTree: what it leaves in the background on purpose, such as ssh's shared connection, serves others, too.
    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is AggregateException or InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Waits for the end of the program; null where it ended well, or was ended by this stream.</summary>
    private async Task<ProgramFailure?> FailureAsync()
    {
        try
        {
            // Other processes may keep its error stream open.
            await Task.WhenAny(Task.WhenAll(_process.WaitForExitAsync(), _reading), Task.Delay(Grace));
            int? exitCode = _process.HasExited ? _process.ExitCode : null;
            lock (_errors)
                return exitCode == 0 ? null : new ProgramFailure(_name, exitCode, [.. _errors.Lines]);
        }
        catch (InvalidOperationException)
        {
            // The stream is disposed, and the process with it.
            return null;
        }
    }

    private async Task ReadErrorsAsync(StreamReader stream)
    {
        var lines = new OutputLines(MaxLine, line =>
        {
            lock (_errors)
                _errors.Add(TerminalText.Plain(line));
        });
        var buffer = new char[MaxLine];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
                lines.Take(buffer.AsMemory(0, count));
            lines.End();
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The stream is disposed.
        }
    }
}

/// <summary>A program has ended, and its connection with it.</summary>
internal sealed class ProgramFailure(string name, int? exitCode, IReadOnlyList<string> errors) : IOException(
    (exitCode is { } code ? $"{name} ended with exit code {code}" : $"{name} closed the connection")
    + (errors.Count == 0 ? "" : $": {string.Join(' ', errors)}"));
