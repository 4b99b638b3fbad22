using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Crane.Adapters.Registry.Repositories;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>Reads blobs of a repository.</summary>
/// <param name="repository">The repository.</param>
internal sealed class BlobReader(Repository repository)
{
    private const int SkipBuffer = 128 * 1024;

    /// <summary>Whether a blob is there: one HEAD.</summary>
    /// <exception cref="CraneException">PullFailed or PushFailed, and those of the transport.</exception>
    public async Task<bool> HasAsync(Digest digest, CancellationToken cancellation)
    {
        using var head = await repository.SendAsync(repository.Request(HttpMethod.Head, $"blobs/{digest}"), cancellation);
        return head.IsSuccessStatusCode
            || (head.StatusCode == HttpStatusCode.NotFound ? false : throw await repository.FaultAsync($"the blob {digest}", head, cancellation));
    }

    /// <summary>Opens a blob at a position.</summary>
    /// <remarks>A server that knows no ranges sends all of it; the bytes before the position are read and dropped.</remarks>
    /// <exception cref="CraneException">As above; ImageNotFound.</exception>
    public async Task<Stream> OpenAsync(Digest digest, long offset, CancellationToken cancellation)
    {
        var what = $"the blob {digest}";
        var answer = await repository.SendAsync(
            repository.Request(HttpMethod.Get, $"blobs/{digest}") with { Range = offset > 0 ? new RangeHeaderValue(offset, null) : null },
            cancellation);
        try
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw repository.NotFound(what);
            if (!answer.IsSuccessStatusCode)
                throw await repository.FaultAsync(what, answer, cancellation);
            var start = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From ?? offset : 0;
            if (start > offset)
                throw repository.Fault(what, $"it begins with byte {start}, where byte {offset} was asked for");

            // The stream is the caller's, and with it the connection: the answer itself holds nothing more.
            var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            await SkipAsync(stream, offset - start, what, cancellation);
            return stream;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private async Task SkipAsync(Stream stream, long count, string what, CancellationToken cancellation)
    {
        if (count == 0)
            return;
        var buffer = ArrayPool<byte>.Shared.Rent(SkipBuffer);
        try
        {
            while (count > 0)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellation);
                count -= read > 0 ? read : throw repository.Fault(what, $"it ends {count} bytes before the part that was asked for");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
