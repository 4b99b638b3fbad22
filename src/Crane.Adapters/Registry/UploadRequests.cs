using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>The requests that an upload is made of.</summary>
internal sealed class UploadRequests(Repository repository, UploadSource source)
{
    // A registry may wait for the rest of the request that broke off, for which another upload need not.
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(10);

    public async Task<UploadSession> BeginAsync(Digest digest, CancellationToken cancellation)
    {
        using var response = await repository.SendAsync(repository.Request(HttpMethod.Post, "blobs/uploads/"), cancellation);
        await repository.ExpectAsync($"the blob {digest}", response, cancellation);
        return ResponseHeaders.Location(response) is { } address
            ? new UploadSession(address, Arrived: 0) { ChunkMinimum = ResponseHeaders.ChunkMinimum(response) }
            : throw repository.Error($"the blob {digest}", $"it answered {(int)response.StatusCode} without the place to upload to");
    }

    /// <summary>How far an upload has come; null where the registry knows nothing of it any more, or does not say.</summary>
    public async Task<UploadSession?> AskAsync(UploadSession session, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestQuestion);
        try
        {
            using var response = await repository.SendAsync(repository.At(HttpMethod.Get, session.Address), limit.Token);
            return response.IsSuccessStatusCode && ResponseHeaders.Arrived(response) is { } arrived ? session.After(response, arrived) : null;
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

    public Task<HttpResponseMessage> CompleteAsync(UploadSession session, Descriptor blob, bool isWhole, CancellationToken cancellation)
    {
        var request = repository.At(HttpMethod.Put, session.Completion(blob.Digest)) with { Size = blob.Size };
        return isWhole
            ? SendAsync(request, stop => new UploadContent(source, 0, blob.Size, stop), cancellation)
            : repository.SendAsync(request with { Content = () => new ByteArrayContent([]) }, cancellation);
    }

    /// <summary>Tells the registry that an upload, if there is one, is not gone on with. It would find out itself, some day.</summary>
    public static async Task AbandonAsync(Repository repository, string? upload, CancellationToken cancellation)
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

    /// <summary>Has the registry take a blob from another of its repositories.</summary>
    /// <returns>The response; null for any that is neither a mount nor an upload in its place.</returns>
    public static async Task<HttpResponseMessage?> TryMountAsync(
        Repository repository, Digest digest, ImageName from, CancellationToken cancellation)
    {
        var path = $"blobs/uploads/?mount={Uri.EscapeDataString(digest.ToString())}&from={Uri.EscapeDataString(from.Repository)}";
        var request = repository.Request(HttpMethod.Post, path);
        try
        {
            var response = await repository.SendAsync(
                request with { Scopes = [.. request.Scopes, new RegistryScope(from.Repository, Push: false)], IsShortcut = true }, cancellation);
            if (response.StatusCode == HttpStatusCode.Created || (response.StatusCode == HttpStatusCode.Accepted && ResponseHeaders.Location(response) is not null))
                return response;
            response.Dispose();
        }
        catch (CraneException)
        {
            // It may be that this user may not read there. Whatever it is: what keeps the blob out of here, the upload will show.
        }

        return null;
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
        catch (Exception) when (source.Failure is { } failure)
        {
            failure.Throw();
            throw;
        }
        finally
        {
            // A request may have its response, or its end, while its body is still being read.
            await stop.CancelAsync();
            await source.IdleAsync();
        }
    }
}

/// <summary>An upload that a registry has begun.</summary>
/// <param name="Address">Where it goes on: the registry's own address with its own query, which changes from response to response.</param>
/// <param name="Arrived">How many bytes the registry has.</param>
internal sealed record UploadSession(string Address, long Arrived)
{
    /// <summary>The least that a chunk has to have, except the last one.</summary>
    public long ChunkMinimum { get; init; }

    public string Completion(Digest digest) =>
        $"{Address}{(Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(digest.ToString())}";

    /// <summary>The upload as a response says it is now.</summary>
    public UploadSession After(HttpResponseMessage response, long arrived) => this with
    {
        Address = ResponseHeaders.Location(response) ?? Address,
        Arrived = ResponseHeaders.Arrived(response) ?? arrived,
    };
}
