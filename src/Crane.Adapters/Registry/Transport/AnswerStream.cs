using Crane.Oci;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Reads a body, and makes one CraneException of every way in which that can end before its end.</summary>
/// <param name="body">The body. One that ends before its Content-Length throws by itself.</param>
/// <param name="stall">How long a piece may take.</param>
/// <param name="whole">How long all of it may take; null where it may go on for as long as it comes.</param>
/// <param name="time">The clock.</param>
/// <param name="waiting">Told of a piece that is long in coming.</param>
/// <param name="broken">Makes the error, of null where a limit was over: that of a piece, or that of all of it.</param>
internal sealed class AnswerStream(
    Stream body, TimeSpan stall, TimeSpan? whole, TimeProvider time, Action<TimeSpan> waiting,
    Func<Exception?, bool, CraneException> broken) : AsyncReadStream
{
    private readonly Patience _patience = new(time, waiting);
    private readonly long _start = time.GetTimestamp();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await using var stopping = _patience.Until(cancellationToken);
        var rest = whole - time.GetElapsedTime(_start);
        if (rest <= TimeSpan.Zero)
            throw broken(null, true);
        var limit = rest < stall ? rest.Value : stall;
        try
        {
            _patience.Begin(limit);
            var count = await body.ReadAsync(buffer, _patience.Token);
            _patience.End();
            return count;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            throw broken(null, limit < stall);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw broken(fault, false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        _patience.Dispose();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            _patience.Dispose();
        }
        base.Dispose(disposing);
    }
}
