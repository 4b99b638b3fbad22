using Crane.Content;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Reads a body, and makes one CraneException of every way in which that can end before its end.</summary>
/// <param name="body">The body. One that ends before its Content-Length throws by itself.</param>
/// <param name="limit">How long a piece may take.</param>
/// <param name="time">The clock.</param>
/// <param name="broken">Makes the error; of null where nothing came in time.</param>
internal sealed class AnswerStream(Stream body, TimeSpan limit, TimeProvider time, Func<Exception?, CraneException> broken) : AsyncReadStream
{
    private readonly Patience _patience = new(time);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await using var stopping = _patience.Until(cancellationToken);
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
            throw broken(null);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw broken(fault);
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
