using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>
/// Brings one blob into a repository: in one request, else in chunks. After a break it asks the registry how
/// far it came and goes on there, or begins again where the registry has forgotten.
/// </summary>
internal sealed class BlobUpload(Repository repository, BlobWrite write) : IAsyncDisposable
{
    // Small enough for what stands in front of registries and limits requests, often to 100 MB.
    private const long ChunkSize = 32 * 1024 * 1024;

    // A registry may keep less of a chunk than it was sent. One that always keeps a little would never be done.
    private const int MostShortfalls = 8;

    private readonly UploadSource _source = new(write);
    private readonly string _what = $"the blob {write.Blob.Digest}";
    private UploadSession? _session;
    private bool _isInDoubt;
    private bool _isInChunks;
    private int _shortfalls;

    private UploadRequests Requests => new(repository, _source);

    private Digest Digest => write.Blob.Digest;

    private long Size => write.Blob.Size;

    public async Task<BlobWriteResult> RunAsync(CancellationToken cancellation)
    {
        // The source may be as far away as the target: both are asked at the same time.
        var opening = _source.OpenAsync(cancellation);
        _session = write.Upload is { } begun ? new UploadSession(begun, Arrived: 0) : await Requests.BeginAsync(Digest, cancellation);
        await opening;
        if (_source.Failure is null)
            await repository.AgainAsync(TryAsync, cancellation);

        // What the source threw is nothing to try again here: whoever opened it has.
        if (_source.Failure is { } failure)
        {
            await UploadRequests.AbandonAsync(repository, _session?.Address, cancellation);
            failure.Throw();
        }

        return BlobWriteResult.Written;
    }

    /// <summary>Asks for a mount; where it is refused, the blob may be there all the same.</summary>
    public static async Task<BlobMount> MountAsync(Repository repository, Descriptor blob, ImageName from, CancellationToken cancellation)
    {
        using var response = await UploadRequests.TryMountAsync(repository, blob.Digest, from, cancellation);
        if (response?.StatusCode == HttpStatusCode.Created)
            return new(BlobWriteResult.Mounted);
        var upload = response is null ? null : ResponseHeaders.Location(response);
        if (!await new BlobReader(repository).HasAsync(blob, cancellation))
            return new(null, upload);
        if (upload is not null)
            await UploadRequests.AbandonAsync(repository, upload, cancellation);
        return new(BlobWriteResult.Existed);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        try
        {
            if (await IsThereAfterDoubtAsync(cancellation))
                return true;
            if (_isInChunks || _session!.Arrived > 0)
                await SendInChunksAsync(cancellation);
            else
                await SendWholeAsync(cancellation);
            return true;
        }
        catch (CraneException) when (_source.Failure is not null)
        {
            return false;
        }
        catch (CraneException error) when (error.IsTransient)
        {
            _isInDoubt = true;
            throw;
        }
    }

    /// <summary>After a break: finds out where the upload is, or begins another one.</summary>
    /// <returns>Whether the blob is there: what broke off may have been the response only.</returns>
    private async Task<bool> IsThereAfterDoubtAsync(CancellationToken cancellation)
    {
        if (!_isInDoubt)
            return false;
        var known = _session is null ? null : await Requests.AskAsync(_session, cancellation);
        if (known is null && await new BlobReader(repository).HasAsync(write.Blob, cancellation))
            return true;
        _session = known is not null && known.Arrived <= Size ? known : await Requests.BeginAsync(Digest, cancellation);
        _isInDoubt = false;
        return false;
    }

    private async Task SendWholeAsync(CancellationToken cancellation)
    {
        using (var response = await Requests.CompleteAsync(_session!, write.Blob, isWhole: true, cancellation))
        {
            if (!WantsChunks(response))
            {
                await CheckCompletionAsync(response, isResumed: false, cancellation);
                return;
            }
        }

        _isInChunks = true;
        await UploadRequests.AbandonAsync(repository, _session?.Address, cancellation);
        _session = await Requests.BeginAsync(Digest, cancellation);
        await SendInChunksAsync(cancellation);
    }

    private async Task SendInChunksAsync(CancellationToken cancellation)
    {
        var isResumed = _session!.Arrived > 0;
        while (_session.Arrived < Size)
        {
            var rest = Size - _session.Arrived;
            var length = _isInChunks ? Math.Min(rest, Math.Max(ChunkSize, _session.ChunkMinimum)) : rest;
            using var response = await Requests.AppendAsync(_session, length, cancellation);
            if (IsForgotten(response))
                throw await LostAsync(response, cancellation);
            await repository.ExpectAsync(_what, response, cancellation);
            var next = _session.After(response, _session.Arrived + length);
            if (next.Arrived < _session.Arrived + length)
                _shortfalls++;
            if (next.Arrived <= _session.Arrived || next.Arrived > Size || _shortfalls > MostShortfalls)
                throw repository.Error(_what, $"after byte {_session.Arrived + length} of {Size} it says that it has {next.Arrived}");
            _session = next;
        }

        using var end = await Requests.CompleteAsync(_session, write.Blob, isWhole: false, cancellation);
        await CheckCompletionAsync(end, isResumed, cancellation);
    }

    private async Task CheckCompletionAsync(HttpResponseMessage response, bool isResumed, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            await repository.ExpectAsync(_what, response, cancellation);
            if (ResponseHeaders.ContentDigest(response) is { } taken && taken.Algorithm == Digest.Algorithm && taken != Digest)
                throw Mismatch($"took it for {taken}");
            return;
        }

        // Two halves that do not fit are the upload's fault, not the blob's.
        if (IsForgotten(response) || (isResumed && response.StatusCode == HttpStatusCode.BadRequest))
            throw await LostAsync(response, cancellation);
        var status = await ResponseErrors.StatusAsync(response, cancellation);
        throw status.Contains("DIGEST_INVALID", StringComparison.Ordinal)
            ? Mismatch($"answered {status}")
            : repository.Error(_what, $"it answered {status}");
    }

    private async Task<CraneException> LostAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        // One that is out of step is still there, and is asked where it is.
        if (response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            _session = null;
        return new CraneException(
            CraneErrorId.PushFailed,
            $"{repository.Name.Registry} has lost the upload of {_what} of '{repository.Name}': it answered {await ResponseErrors.StatusAsync(response, cancellation)}.",
            "Where several servers answer as one registry, they need a common storage and secret; its log says more.")
        {
            IsTransient = true,
        };
    }

    private CraneException Mismatch(string why) => new(
        CraneErrorId.DigestMismatch,
        $"{repository.Name.Registry} got other bytes than those of {_what} of '{repository.Name}': it {why}.",
        "Something between here and the registry changes what is sent to it.");

    private static bool IsForgotten(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable;

    private static bool WantsChunks(HttpResponseMessage response) => response.StatusCode
        is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented;
}
