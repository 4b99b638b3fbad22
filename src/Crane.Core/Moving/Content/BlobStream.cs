using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>The bytes of a blob from a position on. Where its source breaks off, it goes on with the next byte.</summary>
internal sealed class BlobStream(BlobReading reading, long offset, Stream? opened) : AsyncReadStream
{
    private Stream? _source = opened;
    private long _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, reading.Size - _position)];
        if (wanted.IsEmpty)
            return 0;

        int count;
        try
        {
            count = await ReadSourceAsync(wanted, cancellationToken);
        }
        catch (CraneException fault) when (fault.IsTransient)
        {
            count = await reading.AgainAsync(token => ReadSourceAsync(wanted, token), cancellationToken);
        }

        reading.Take(_position, wanted.Span[..count]);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source?.Dispose();
        base.Dispose(disposing);
    }

    private async Task<int> ReadSourceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            _source ??= await reading.OpenSourceAsync(_position, cancellation);
            var count = await _source.ReadAsync(buffer, cancellation);
            return count > 0 ? count : throw reading.EndedEarly(_position);
        }
        catch (CraneException)
        {
            if (_source is not null)
                await _source.DisposeAsync();
            _source = null;
            throw;
        }
    }
}
