using System.Security.Cryptography;
using Crane.Moving.Run;
using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>
/// One blob on its way: opened at any position, as often as the target needs, and opened anew where the source breaks off.
/// Every byte is checked: whoever reads the last one knows that all of them are what the digest says.
/// </summary>
internal sealed class BlobReading(
    IContentSource source, ImageName repository, Descriptor blob, IRetryPolicy retry, Action<long> moved, Action<string> step) : IDisposable
{
    private readonly IncrementalHash _hash = blob.Digest.NewHash();
    private IContentSource _source = source;

    // How many of the first bytes the hash has seen.
    private long _hashed;
    private bool _isVerified;

    /// <summary>How many bytes the blob has.</summary>
    public long Size => blob.Size;

    /// <summary>Opens the blob at a position. One stream at a time.</summary>
    public async Task<Stream> OpenAsync(long offset, CancellationToken cancellation)
    {
        if (blob.Size == 0)
            Verify();
        return new BlobStream(this, offset, offset < blob.Size ? await OpenSourceAsync(offset, cancellation) : null);
    }

    /// <summary>Opens the source.</summary>
    public Task<Stream> OpenSourceAsync(long offset, CancellationToken cancellation) =>
        _source.OpenBlobAsync(repository, blob, offset, cancellation);

    /// <summary>Does again what a fault of the source ended, past its mirrors from now on.</summary>
    /// <exception cref="CraneException">The last fault, where trying again has not helped.</exception>
    public async Task<T> AgainAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        _source = _source.WithoutMirrors(repository);
        try
        {
            return await retry.RunAsync(
                read, (fault, pause) => step($"{blob.ShortId}: retrying in {pause.TotalSeconds:0.0} s: {fault.Message}"), cancellation);
        }
        catch (CraneException fault)
        {
            throw fault.Settled();
        }
    }

    /// <summary>The source has ended before the blob has.</summary>
    public CraneException EndedEarly(long position) => new(
        CraneErrorId.RegistryUnreachable,
        $"Blob {blob.Digest} of '{repository}' ended after {position} of {blob.Size} bytes.",
        "The connection broke off, or the blob is damaged at its source.")
    {
        IsTransient = true,
    };

    /// <summary>Takes note of bytes that were read.</summary>
    /// <exception cref="CraneException">DigestMismatch, with the last of them.</exception>
    public void Take(long position, ReadOnlySpan<byte> bytes)
    {
        // A target that has the beginning from another time starts behind it, and checks the whole itself.
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
                CraneErrorId.DigestMismatch,
                $"Blob {blob.Digest} of '{repository}' has other bytes at its source than its digest says.",
                "The source is damaged: push the image again.");
        _isVerified = true;
    }
}

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
