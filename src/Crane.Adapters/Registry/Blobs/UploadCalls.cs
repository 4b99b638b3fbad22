using System.Net;
using Crane.Adapters.Registry.Repositories;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry.Blobs;

/// <summary>The requests that an upload is made of.</summary>
/// <param name="repository">Where it goes.</param>
/// <param name="source">Where it comes from.</param>
internal sealed class UploadCalls(Repository repository, UploadSource source)
{
    // A registry may wait for the rest of the request that broke off, for which another upload need not.
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(10);

    /// <summary>Begins an upload, or has the registry take the blob from another of its repositories.</summary>
    /// <returns>The upload; null where the blob was taken from there.</returns>
    /// <exception cref="CraneException">PushFailed, and those of the transport.</exception>
    public async Task<UploadSession?> BeginAsync(Digest digest, ImageName? mountFrom, CancellationToken cancellation)
    {
        using var answer = (mountFrom is null ? null : await TryMountAsync(digest, mountFrom, cancellation))
            ?? await repository.SendAsync(repository.Request(HttpMethod.Post, "blobs/uploads/"), cancellation);
        if (mountFrom is not null && answer.StatusCode == HttpStatusCode.Created)
            return null;
        await repository.ExpectAsync($"the blob {digest}", answer, cancellation);
        return AnswerHeaders.Location(answer) is { } address
            ? new UploadSession(address, Arrived: 0) { ChunkMinimum = AnswerHeaders.ChunkMinimum(answer) }
            : throw repository.Fault($"the blob {digest}", $"it answered {(int)answer.StatusCode} without the place to upload to");
    }

    /// <summary>How far an upload has come; null where the registry knows nothing of it any more, or does not say.</summary>
    public async Task<UploadSession?> AskAsync(UploadSession session, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestQuestion);
        try
        {
            using var answer = await repository.SendAsync(repository.At(HttpMethod.Get, session.Address), limit.Token);
            return answer.IsSuccessStatusCode && AnswerHeaders.Arrived(answer) is { } arrived ? session.After(answer, arrived) : null;
        }
        catch (CraneException fault) when (fault.Id == CraneErrorId.RegistryUnreachable)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Sends a chunk.</summary>
    /// <exception cref="CraneException">Those of the transport, and whatever the source throws.</exception>
    public Task<HttpResponseMessage> AppendAsync(UploadSession session, long length, CancellationToken cancellation) => SendAsync(
        repository.At(HttpMethod.Patch, session.Address) with { Size = length },
        stop =>
        {
            var chunk = new UploadContent(source, session.Arrived, length, stop);

            // Without the unit that HTTP has before a range: this is the specification's own form.
            chunk.Headers.TryAddWithoutValidation("Content-Range", $"{session.Arrived}-{session.Arrived + length - 1}");
            return chunk;
        },
        cancellation);

    /// <summary>Completes an upload, with all of the blob in the same request or with nothing more.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public Task<HttpResponseMessage> CompleteAsync(UploadSession session, Descriptor blob, bool isWhole, CancellationToken cancellation)
    {
        var request = repository.At(HttpMethod.Put, session.Completion(blob.Digest)) with { Size = blob.Size };
        return isWhole
            ? SendAsync(request, stop => new UploadContent(source, 0, blob.Size, stop), cancellation)
            : repository.SendAsync(request with { Content = () => new ByteArrayContent([]) }, cancellation);
    }

    /// <summary>Tells the registry that an upload, if there is one, is not gone on with. It would find out itself, some day.</summary>
    public async Task AbandonAsync(UploadSession? session, CancellationToken cancellation)
    {
        if (session is null)
            return;
        try
        {
            (await repository.SendAsync(repository.At(HttpMethod.Delete, session.Address) with { IsShortcut = true }, cancellation)).Dispose();
        }
        catch (CraneException)
        {
            // Nothing depends on it.
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        RegistryRequest request, Func<CancellationToken, HttpContent> content, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            return await repository.SendAsync(
                request with { Content = () => content(stop.Token), IsRepeatable = false }, cancellation);
        }
        catch (Exception) when (source.Fault is { } fault)
        {
            fault.Throw();
            throw;
        }
        finally
        {
            // A request may have its answer, or its end, while its body is still being read.
            await stop.CancelAsync();
            await source.IdleAsync();
        }
    }

    /// <returns>The answer; null for any that is neither a mount nor an upload in its place.</returns>
    private async Task<HttpResponseMessage?> TryMountAsync(Digest digest, ImageName from, CancellationToken cancellation)
    {
        var path = $"blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from.Repository)}";
        var request = repository.Request(HttpMethod.Post, path);
        try
        {
            var answer = await repository.SendAsync(
                request with { Scopes = [.. request.Scopes, new RegistryScope(from.Repository, Push: false)], IsShortcut = true }, cancellation);
            if (answer.StatusCode == HttpStatusCode.Created || (answer.StatusCode == HttpStatusCode.Accepted && AnswerHeaders.Location(answer) is not null))
                return answer;
            answer.Dispose();
        }
        catch (CraneException)
        {
            // It may be that this user may not read there. Whatever it is: what keeps the blob out of here, the upload will show.
        }

        return null;
    }
}
