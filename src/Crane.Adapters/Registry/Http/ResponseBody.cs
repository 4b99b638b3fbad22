using System.Net;
using Crane.Oci;

namespace Crane.Adapters.Registry.Http;

/// <summary>The body of a response, whose stream throws our own errors.</summary>
internal sealed class ResponseContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly Func<Stream, Stream> _watch;

    public ResponseContent(HttpContent inner, Func<Stream, Stream> watch)
    {
        (_inner, _watch) = (inner, watch);
        foreach (var (name, values) in inner.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        _watch(await _inner.ReadAsStreamAsync(cancellationToken));

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await CreateContentReadStreamAsync(cancellationToken);
        await body.CopyToAsync(stream, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Reads a body, and throws a CraneException where it breaks off or stalls.</summary>
internal sealed class ResponseStream(
    Stream body, TimeSpan stall, TimeSpan? whole, TimeProvider time, Action<TimeSpan> waiting,
    Func<Exception?, bool, CraneException> broken) : AsyncReadStream
{
    private readonly StepTimeout _timeout = new(time, waiting);
    private readonly long _start = time.GetTimestamp();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await using var stopping = _timeout.Until(cancellationToken);
        var rest = whole - time.GetElapsedTime(_start);
        if (rest <= TimeSpan.Zero)
            throw broken(null, true);
        var limit = rest < stall ? rest.Value : stall;
        try
        {
            _timeout.Begin(limit);
            var count = await body.ReadAsync(buffer, _timeout.Token);
            _timeout.End();
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
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw broken(exception, false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        _timeout.Dispose();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            _timeout.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Reads small bodies.</summary>
internal static class BoundedBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads a body; null where it is longer than the limit.</summary>
    /// <exception cref="CraneException">RegistryUnreachable where it breaks off.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellation)
    {
        var length = response.Content.Headers.ContentLength;
        if (length > limit)
            return null;

        // The length that the registry says is no reason to allocate as much.
        var bytes = new byte[Math.Min(length + 1 ?? FirstBuffer, FirstBuffer)];
        var count = 0;
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        while (await body.ReadAsync(bytes.AsMemory(count), cancellation) is > 0 and var read)
        {
            count += read;
            if (count > limit)
                return null;
            if (count == bytes.Length)
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, limit + 1));
        }

        return bytes.AsMemory(0, count);
    }
}
