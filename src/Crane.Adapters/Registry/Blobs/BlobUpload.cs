using System.Net;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>
/// Brings one blob into a repository: by a mount, else in one request, else in chunks. After a break it asks the registry how
/// far it came and goes on there, or begins again where the registry has forgotten.
/// </summary>
/// <param name="repository">Where it goes.</param>
/// <param name="write">The blob.</param>
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

    private UploadCalls Calls => new(repository, _source);

    private Digest Digest => write.Blob.Digest;

    private long Size => write.Blob.Size;

    /// <summary>Does it, in as many tries as are allowed.</summary>
    /// <exception cref="CraneException">PushFailed, DigestMismatch, those of the transport.</exception>
    public async Task<BlobArrival> RunAsync(CancellationToken cancellation)
    {
        _session = await Calls.BeginAsync(Digest, write.MountFrom, cancellation);
        if (_session is null)
            return BlobArrival.Mounted;
        // A mount is asked for without looking first. Where it is refused, the blob may be there all the same.
        if (write.MountFrom is not null && await new BlobReader(repository).HasAsync(write.Blob, cancellation))
        {
            await Calls.AbandonAsync(_session, cancellation);
            return BlobArrival.Existed;
        }
        await repository.AgainAsync(TryAsync, cancellation);

        // What the source threw is nothing to try again here: whoever opened it has.
        if (_source.Fault is { } fault)
        {
            await Calls.AbandonAsync(_session, cancellation);
            fault.Throw();
        }

        return BlobArrival.Written;
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
        catch (CraneException) when (_source.Fault is not null)
        {
            return false;
        }
        catch (CraneException fault) when (fault.IsTransient)
        {
            _isInDoubt = true;
            throw;
        }
    }

    /// <summary>After a break: finds out where the upload is, or begins another one.</summary>
    /// <returns>Whether the blob is there: what broke off may have been the answer only.</returns>
    private async Task<bool> IsThereAfterDoubtAsync(CancellationToken cancellation)
    {
        if (!_isInDoubt)
            return false;
        var known = _session is null ? null : await Calls.AskAsync(_session, cancellation);
        if (known is null && await new BlobReader(repository).HasAsync(write.Blob, cancellation))
            return true;
        _session = known is not null && known.Arrived <= Size ? known : await Calls.BeginAsync(Digest, mountFrom: null, cancellation);
        _isInDoubt = false;
        return false;
    }

    private async Task SendWholeAsync(CancellationToken cancellation)
    {
        using (var answer = await Calls.CompleteAsync(_session!, write.Blob, isWhole: true, cancellation))
        {
            if (!WantsChunks(answer))
            {
                await CheckCompletionAsync(answer, isResumed: false, cancellation);
                return;
            }
        }

        _isInChunks = true;
        await Calls.AbandonAsync(_session, cancellation);
        _session = await Calls.BeginAsync(Digest, mountFrom: null, cancellation);
        await SendInChunksAsync(cancellation);
    }

    private async Task SendInChunksAsync(CancellationToken cancellation)
    {
        var isResumed = _session!.Arrived > 0;
        while (_session.Arrived < Size)
        {
            var rest = Size - _session.Arrived;
            var length = _isInChunks ? Math.Min(rest, Math.Max(ChunkSize, _session.ChunkMinimum)) : rest;
            using var answer = await Calls.AppendAsync(_session, length, cancellation);
            if (IsForgotten(answer))
                throw await LostAsync(answer, cancellation);
            await repository.ExpectAsync(_what, answer, cancellation);
            var next = _session.After(answer, _session.Arrived + length);
            if (next.Arrived < _session.Arrived + length)
                _shortfalls++;
            if (next.Arrived <= _session.Arrived || next.Arrived > Size || _shortfalls > MostShortfalls)
                throw repository.Fault(_what, $"after byte {_session.Arrived + length} of {Size} it says that it has {next.Arrived}");
            _session = next;
        }

        using var end = await Calls.CompleteAsync(_session, write.Blob, isWhole: false, cancellation);
        await CheckCompletionAsync(end, isResumed, cancellation);
    }

    private async Task CheckCompletionAsync(HttpResponseMessage answer, bool isResumed, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
        {
            await repository.ExpectAsync(_what, answer, cancellation);
            if (AnswerHeaders.ContentDigest(answer) is { } taken && taken.Algorithm == Digest.Algorithm && taken != Digest)
                throw Mismatch($"took it for {taken}");
            return;
        }

        // Two halves that do not fit are the upload's fault, not the blob's.
        if (IsForgotten(answer) || (isResumed && answer.StatusCode == HttpStatusCode.BadRequest))
            throw await LostAsync(answer, cancellation);
        var status = await AnswerFaults.StatusAsync(answer, cancellation);
        throw status.Contains("DIGEST_INVALID", StringComparison.Ordinal)
            ? Mismatch($"answered {status}")
            : repository.Fault(_what, $"it answered {status}");
    }

    private async Task<CraneException> LostAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        // One that is out of step is still there, and is asked where it is.
        if (answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            _session = null;
        return new CraneException(
            CraneErrorId.PushFailed,
            $"{repository.Name.Registry} has lost the upload of {_what} of '{repository.Name}': it answered {await AnswerFaults.StatusAsync(answer, cancellation)}.",
            "Where several servers answer as one registry, they need a common storage and secret; its log says more.")
        {
            IsTransient = true,
        };
    }

    private CraneException Mismatch(string why) => new(
        CraneErrorId.DigestMismatch,
        $"{repository.Name.Registry} got other bytes than those of {_what} of '{repository.Name}': it {why}.",
        "Something between here and the registry changes what is sent to it.");

    private static bool IsForgotten(HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.RequestedRangeNotSatisfiable;

    private static bool WantsChunks(HttpResponseMessage answer) => answer.StatusCode
        is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented;
}
