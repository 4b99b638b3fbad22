using System.Security.Cryptography;
using Crane.Moving.Run;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// Reads one blob from any offset, as often as the target needs, and reconnects after an interruption. It checks the digest before it
/// returns the last byte.
/// </summary>
internal sealed class BlobReading(
    IContentSource source, ImageName repository, Descriptor blob, IRetryPolicy retry, Action<long> moved, Action<string> step) : IDisposable
{
    private readonly IncrementalHash _hash = blob.Digest.NewHash();
    private IContentSource _source = source;

    // The number of bytes in the hash.
    private long _hashed;
    private bool _isVerified;

    public long Size => blob.Size;

    /// <summary>Opens the blob at an offset, one stream at a time.</summary>
    public async Task<Stream> OpenAsync(long offset, CancellationToken cancellation)
    {
        if (blob.Size == 0)
            Verify();
        return new BlobStream(this, offset, offset < blob.Size ? await OpenSourceAsync(offset, cancellation) : null);
    }

    public Task<Stream> OpenSourceAsync(long offset, CancellationToken cancellation) =>
        _source.OpenBlobAsync(repository, blob, offset, cancellation);

    /// <summary>Retries a read after an error of the source, from now on without mirrors.</summary>
    /// <exception cref="CraneException">The last error, if all retries fail.</exception>
    public Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        _source = _source.WithoutMirrors(repository);
        return retry.RunAsync(
            read, (error, pause) => step($"{blob.ShortId}: retrying in {pause.TotalSeconds:0.0} s: {error.Message}"), cancellation);
    }

    /// <summary>The source ended too early.</summary>
    public CraneException EndedEarly(long position) => new(
        CraneErrorId.RegistryUnreachable, $"Blob {blob.Digest} of '{repository}' ended after {position} of {blob.Size} bytes.",
        "The connection was lost, or the blob is damaged at its source.")
    {
        IsTransient = true,
    };

    /// <summary>Adds bytes to the hash.</summary>
    /// <exception cref="CraneException">DigestMismatch, with the last of them.</exception>
    public void Take(long position, ReadOnlySpan<byte> bytes)
    {
        // A target that has the beginning already starts after it, and checks the digest itself.
        var end = position + bytes.Length;
        if (!_isVerified && position <= _hashed && end > _hashed)
        {
            _hash.AppendData(bytes[(int)(_hashed - position)..]);
            _hashed = end;
            if (end == blob.Size)
                Verify();
        }

        moved(end);
    }

    public void Dispose() => _hash.Dispose();

    private void Verify()
    {
        if (!_isVerified && !blob.Digest.IsOf(_hash))
            throw new CraneException(
                CraneErrorId.DigestMismatch, $"Blob {blob.Digest} of '{repository}' does not match its digest at its source.",
                "The source is damaged: push the image again.");
        _isVerified = true;
    }
}

/// <summary>The bytes of a blob from an offset. After an interruption it continues with the next byte.</summary>
internal sealed class BlobStream(BlobReading reading, long offset, Stream? opened) : AsyncReadStream
{
    private Stream? _source = opened;
    private long _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var rest = buffer[..(int)Math.Min(buffer.Length, reading.Size - _position)];
        if (rest.IsEmpty)
            return 0;

        int count;
        try
        {
            count = await ReadSourceAsync(rest, cancellationToken);
        }
        catch (CraneException error) when (error.IsTransient)
        {
            count = await reading.RetryAsync(token => ReadSourceAsync(rest, token), cancellationToken);
        }

        reading.Take(_position, rest.Span[..count]);
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
