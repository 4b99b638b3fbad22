using Crane.Oci;

namespace Crane.Moving.Content;

/// <summary>What the blobs of all images came to.</summary>
internal sealed class TransferTally
{
    private int _written;
    private int _mounted;
    private int _existed;
    private long _bytes;

    public void Count(BlobWriteResult result, long size)
    {
        switch (result)
        {
            case BlobWriteResult.Written:
                Interlocked.Increment(ref _written);
                Interlocked.Add(ref _bytes, size);
                break;
            case BlobWriteResult.Mounted:
                Interlocked.Increment(ref _mounted);
                break;
            default:
                Interlocked.Increment(ref _existed);
                break;
        }
    }

    /// <summary>As a sentence for a log.</summary>
    public override string ToString() =>
        $"{_written} blobs moved ({_bytes} bytes), {_mounted} mounted from another repository, {_existed} already there";
}
