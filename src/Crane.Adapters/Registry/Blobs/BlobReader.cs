using System.Buffers;
using System.Net.Http.Headers;
using System.Net;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Oci;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>Reads blobs of a repository.</summary>
/// <param name="repository">The repository.</param>
internal sealed class BlobReader(Repository repository)
{
    private const int SkipBuffer = 128 * 1024;

    /// <summary>Whether a blob is there: one HEAD. It saves an upload, so every answer but a clear yes is a no.</summary>
    public async Task<bool> HasAsync(Descriptor blob, CancellationToken cancellation)
    {
        try
        {
            var request = repository.Request(HttpMethod.Head, $"blobs/{blob.Digest}") with { IsShortcut = true };
            using var head = await repository.SendAsync(request, cancellation);
            return head.IsSuccessStatusCode && !WebPage.IsInPlaceOfBlob(head, blob.Size);
        }
        catch (CraneException)
        {
            return false;
        }
    }

    /// <summary>Opens a blob at a position. One that its publisher keeps may be read there.</summary>
    /// <remarks>A server that knows no ranges sends all of it; the bytes before the position are read and dropped.</remarks>
    /// <exception cref="CraneException">ImageNotFound, PullFailed, and those of the transport.</exception>
    public async Task<Stream> OpenAsync(Descriptor blob, long offset, CancellationToken cancellation)
    {
        var what = $"the blob {blob.Digest}";
        var answer = await GetAsync(repository.Request(HttpMethod.Get, $"blobs/{blob.Digest}"), offset, cancellation);
        foreach (var elsewhere in blob.IsForeign ? blob.Urls : [])
        {
            if (answer.StatusCode != HttpStatusCode.NotFound)
                break;
            answer.Dispose();
            answer = await GetAsync(repository.At(HttpMethod.Get, elsewhere), offset, cancellation);
        }

        try
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw await repository.NotFoundAsync(what, answer, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw await repository.FaultAsync(what, answer, cancellation);
            var start = answer.StatusCode == HttpStatusCode.PartialContent ? answer.Content.Headers.ContentRange?.From ?? offset : 0;
            if (start > offset)
                throw repository.Fault(what, $"it begins with byte {start}, where byte {offset} was asked for");
            if (WebPage.IsInPlaceOfBlob(answer, blob.Size - start))
                throw repository.PageFault(what, answer);

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

    private Task<HttpResponseMessage> GetAsync(RegistryRequest request, long offset, CancellationToken cancellation) => repository.SendAsync(
        request with { IsStreamed = true, Range = offset > 0 ? new RangeHeaderValue(offset, null) : null }, cancellation);

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
