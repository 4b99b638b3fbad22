using System.Net;
using System.Runtime.ExceptionServices;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>
/// Writes one blob to a repository: in one request, else in chunks. After a broken connection it asks the registry how much has
/// arrived and continues there, or starts again where the registry no longer knows the upload.
/// </summary>
internal sealed class BlobUpload(Repository repository, BlobWrite write) : IAsyncDisposable
{
    // Proxies in front of registries limit requests, often to 100 MB.
    private const long ChunkSize = 32 * 1024 * 1024;

    // A registry may keep less of a chunk than it was sent. One that always keeps a little would never be done.
    private const int MaxShortfalls = 8;

    // A registry may still wait for the rest of the broken request. Another upload does not have to.
    private static readonly TimeSpan StatusTimeout = TimeSpan.FromSeconds(10);

    private readonly UploadSource _source = new(write);
    private readonly string _what = $"the blob {write.Blob.Digest}";
    private UploadSession? _session;
    private bool _isInDoubt;
    private bool _isInChunks;
    private int _shortfalls;

    private Digest Digest => write.Blob.Digest;

    private long Size => write.Blob.Size;

    public async Task<BlobWriteResult> RunAsync(CancellationToken cancellation)
    {
        // The source may be as far away as the target: both are asked at the same time.
        var opening = _source.OpenAsync(cancellation);
        _session = write.Upload is { } begun ? new UploadSession(begun, Arrived: 0) : await BeginAsync(cancellation);
        await opening;

        // An error of the source is not retried here: its reader has done so.
        if ((_source.Failure ?? await repository.RetryAsync(TryAsync, cancellation)) is { } failure)
        {
            await AbandonAsync(repository, _session?.Address, cancellation);
            failure.Throw();
        }

        return BlobWriteResult.Written;
    }

    /// <summary>Mounts a blob of another repository of the registry. Where it refuses, the blob may exist all the same.</summary>
    public static async Task<BlobMount> MountAsync(Repository repository, Descriptor blob, ImageName from, CancellationToken cancellation)
    {
        var (isMounted, upload) = await TryMountAsync(repository, blob.Digest, from, cancellation);
        if (isMounted)
            return new(BlobWriteResult.Mounted);
        if (!await new BlobReader(repository).HasAsync(blob, cancellation))
            return new(null, upload);
        await AbandonAsync(repository, upload, cancellation);
        return new(BlobWriteResult.Existed);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<(bool IsMounted, string? Upload)> TryMountAsync(
        Repository repository, Digest digest, ImageName from, CancellationToken cancellation)
    {
        var path = $"blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from.Repository)}";
        var request = repository.Request(HttpMethod.Post, path) with { IsShortcut = true };
        request = request with { Scopes = [.. request.Scopes, new RegistryScope(from.Repository, Push: false)] };
        try
        {
            using var response = await repository.SendAsync(request, cancellation);
            return (response.StatusCode == HttpStatusCode.Created,
                response.StatusCode == HttpStatusCode.Accepted ? ResponseHeaders.Location(response) : null);
        }
        catch (CraneException)
        {
            // The user may have no right to read there. Any other reason will stop the upload, too.
            return (false, null);
        }
    }

    // An upload that is not continued. The registry would notice some day.
    private static async Task AbandonAsync(Repository repository, string? upload, CancellationToken cancellation)
    {
        if (upload is null)
            return;
        try
        {
            (await repository.SendAsync(repository.At(HttpMethod.Delete, upload) with { IsShortcut = true }, cancellation)).Dispose();
        }
        catch (CraneException)
        {
            // Nothing depends on it.
        }
    }

    /// <returns>The error of the source, after which the blob is not written; null for none.</returns>
    private async Task<ExceptionDispatchInfo?> TryAsync(CancellationToken cancellation)
    {
        try
        {
            if (await ExistsAfterDoubtAsync(cancellation))
                return null;
            if (_isInChunks || _session!.Arrived > 0)
                await SendInChunksAsync(cancellation);
            else
                await SendWholeAsync(cancellation);
            return _source.Failure;
        }
        catch (CraneException) when (_source.Failure is not null)
        {
            return _source.Failure;
        }
        catch (CraneException error) when (error.IsTransient)
        {
            _isInDoubt = true;
            throw;
        }
    }

    /// <summary>After a broken connection: finds out how much has arrived, or begins another upload.</summary>
    /// <returns>Whether the blob exists: perhaps only the response was lost.</returns>
    private async Task<bool> ExistsAfterDoubtAsync(CancellationToken cancellation)
    {
        if (!_isInDoubt)
            return false;
        var known = _session is null ? null : await StatusAsync(_session, cancellation);
        if (known is null && await new BlobReader(repository).HasAsync(write.Blob, cancellation))
            return true;
        _session = known is not null && known.Arrived <= Size ? known : await BeginAsync(cancellation);
        _isInDoubt = false;
        return false;
    }

    private async Task<UploadSession> BeginAsync(CancellationToken cancellation)
    {
        using var response = await repository.SendAsync(repository.Request(HttpMethod.Post, "blobs/uploads/"), cancellation);
        await repository.ExpectAsync(_what, response, cancellation);
        return ResponseHeaders.Location(response) is { } address
            ? new UploadSession(address, Arrived: 0) { ChunkMinimum = ResponseHeaders.ChunkMinimum(response) }
            : throw repository.Error(_what, $"it returned {(int)response.StatusCode} without an upload location");
    }

    /// <summary>How much of an upload has arrived; null where the registry no longer knows it, or does not say.</summary>
    private async Task<UploadSession?> StatusAsync(UploadSession session, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StatusTimeout);
        try
        {
            using var response = await repository.SendAsync(repository.At(HttpMethod.Get, session.Address), limit.Token);
            return response.IsSuccessStatusCode && ResponseHeaders.Arrived(response) is { } arrived
                ? session.After(response, arrived) : null;
        }
        catch (CraneException error) when (error.Id == CraneErrorId.RegistryUnreachable)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task SendWholeAsync(CancellationToken cancellation)
    {
        using (var response = await SendAsync(Completion(), 0, Size, hasRange: false, cancellation))
        {
            if (!NeedsChunks(response))
            {
                await CheckCompletionAsync(response, isResumed: false, cancellation);
                return;
            }
        }

        _isInChunks = true;
        await AbandonAsync(repository, _session?.Address, cancellation);
        _session = await BeginAsync(cancellation);
        await SendInChunksAsync(cancellation);
    }

    private async Task SendInChunksAsync(CancellationToken cancellation)
    {
        var isResumed = _session!.Arrived > 0;
        while (_session.Arrived < Size)
        {
            var rest = Size - _session.Arrived;
            var length = _isInChunks ? Math.Min(rest, Math.Max(ChunkSize, _session.ChunkMinimum)) : rest;
            var chunk = repository.At(HttpMethod.Patch, _session.Address) with { Size = length };
            using var response = await SendAsync(chunk, _session.Arrived, length, hasRange: true, cancellation);
            if (IsForgotten(response))
                throw await LostAsync(response, cancellation);
            await repository.ExpectAsync(_what, response, cancellation);
            var next = _session.After(response, _session.Arrived + length);
            if (next.Arrived < _session.Arrived + length)
                _shortfalls++;
            if (next.Arrived <= _session.Arrived || next.Arrived > Size || _shortfalls > MaxShortfalls)
                throw repository.Error(_what, $"after byte {_session.Arrived + length} of {Size} it reports {next.Arrived} bytes");
            _session = next;
        }

        using var end = await repository.SendAsync(Completion() with { Content = () => new ByteArrayContent([]) }, cancellation);
        await CheckCompletionAsync(end, isResumed, cancellation);
    }

    private RegistryRequest Completion() => repository.At(HttpMethod.Put, _session!.Completion(Digest)) with { Size = Size };

    private async Task<HttpResponseMessage> SendAsync(
        RegistryRequest request, long offset, long length, bool hasRange, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await repository.SendAsync(request with { Content = Body, IsRepeatable = false }, cancellation);
        }
        catch (Exception) when (_source.Failure is { } failure)
        {
            failure.Throw();
            throw;
        }
        finally
        {
            // A request may have its response, or its end, while its body is still being read.
            await stop.CancelAsync();
            await _source.IdleAsync();
        }

        HttpContent Body()
        {
            var body = new UploadContent(_source, offset, length, stop.Token);
            // Without the unit that HTTP has before a range, as the distribution specification has it.
            if (hasRange)
                body.Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{offset + length - 1}");
            return body;
        }
    }

    private async Task CheckCompletionAsync(HttpResponseMessage response, bool isResumed, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            await repository.ExpectAsync(_what, response, cancellation);
            if (ResponseHeaders.ContentDigest(response) is { } written && written.Algorithm == Digest.Algorithm && written != Digest)
                throw Mismatch($"reports the digest {written}");
            return;
        }

        // A resumed upload whose halves do not fit is retried: the blob may be right.
        if (IsForgotten(response) || (isResumed && response.StatusCode == HttpStatusCode.BadRequest))
            throw await LostAsync(response, cancellation);
        var status = await ResponseErrors.StatusAsync(response, cancellation);
        throw status.Contains("DIGEST_INVALID", StringComparison.Ordinal)
            ? Mismatch($"returned {status}")
            : repository.Error(_what, $"it returned {status}");
    }

    private async Task<CraneException> LostAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // After 416 the upload still exists, and can be asked how much has arrived.
        if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            _session = null;
        var status = await ResponseErrors.StatusAsync(response, cancellation);
        return new CraneException(
            CraneErrorId.PushFailed,
            $"{repository.Name.Registry} has lost the upload of {_what} of '{repository.Name}': it returned {status}.",
            "If several servers form the registry, they need the same storage and secret. See the registry's log.")
        {
            IsTransient = true,
        };
    }

    private CraneException Mismatch(string why) => new(
        CraneErrorId.DigestMismatch,
        $"{repository.Name.Registry} received bytes that do not match {_what} of '{repository.Name}': it {why}.",
        "Something between this machine and the registry changes the data.");

    private static bool IsForgotten(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable;

    private static bool NeedsChunks(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented;
}

/// <summary>An upload that a registry has begun.</summary>
/// <param name="Address">The address to continue at, with a query of the registry's own. Each response may change it.</param>
/// <param name="Arrived">How many bytes the registry has.</param>
internal sealed record UploadSession(string Address, long Arrived)
{
    /// <summary>The least size of a chunk, except of the last one.</summary>
    public long ChunkMinimum { get; init; }

    public string Completion(Digest digest) =>
        $"{Address}{(Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}";

    public UploadSession After(HttpResponseMessage response, long arrived) => this with
    {
        Address = ResponseHeaders.Location(response) ?? Address,
        Arrived = ResponseHeaders.Arrived(response) ?? arrived,
    };
}
