using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Crane.Adapters.Registry.Http;
using Crane.Oci;

namespace Crane.Adapters.Registry;

internal sealed class BlobReader(Repository repository)
{
    private const int SkipBuffer = 128 * 1024;

    /// <summary>Whether a blob exists: one HEAD. An error counts as no, for the upload will show it.</summary>
    public async Task<bool> HasAsync(Descriptor blob, CancellationToken cancellation)
    {
        try
        {
            var request = repository.Request(HttpMethod.Head, $"blobs/{blob.Digest}") with { IsShortcut = true };
            using var head = await repository.SendAsync(request, cancellation);
            return head.IsSuccessStatusCode && !ResponseErrors.IsWebPage(head, blob.Size) && HasLength(head, blob.Size);
        }
        catch (CraneException)
        {
            return false;
        }
    }

    /// <summary>Opens a blob at a position. A foreign layer is also read from its own URLs.</summary>
    /// <remarks>A server without ranges sends all of it; the bytes before the position are read and dropped.</remarks>
    public async Task<Stream> OpenAsync(Descriptor blob, long offset, CancellationToken cancellation)
    {
        var what = $"the blob {blob.Digest}";
        var response = await GetAsync(repository.Request(HttpMethod.Get, $"blobs/{blob.Digest}"), offset, cancellation);
        foreach (var url in blob.IsForeign ? blob.Urls : [])
        {
            if (response.StatusCode != HttpStatusCode.NotFound)
                break;
            response.Dispose();
            response = await GetAsync(repository.At(HttpMethod.Get, url), offset, cancellation);
        }

        try
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw await repository.NotFoundAsync(what, response, cancellation);
            if (!response.IsSuccessStatusCode)
                throw await repository.ErrorAsync(what, response, cancellation);
            var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? offset : 0;
            if (start > offset)
                throw repository.Error(what, $"it begins at byte {start} instead of byte {offset}");
            if (ResponseErrors.IsWebPage(response, blob.Size - start))
                throw repository.PageError(what, response);

            // The caller disposes the stream, and with it the connection: the response itself holds nothing more.
            var stream = await response.Content.ReadAsStreamAsync(cancellation);
            await SkipAsync(stream, offset - start, what, cancellation);
            return stream;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Some registries report no length, or 0. Any other one is that of a damaged blob, which is written again.
    private static bool HasLength(HttpResponseMessage head, long size) =>
        head.Content.Headers.ContentLength is not { } length || length == 0 || length == size;

    private Task<HttpResponseMessage> GetAsync(RegistryRequest request, long offset, CancellationToken cancellation) =>
        repository.SendAsync(
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
                count -= read > 0 ? read : throw repository.Error(what, $"it ends {count} bytes before the requested part");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
