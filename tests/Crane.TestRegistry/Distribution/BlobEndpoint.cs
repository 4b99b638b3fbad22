using Crane.Testing.Hosting;
using Crane.Testing.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Crane.Testing.Distribution;

/// <summary>Blobs: GET, also of a range, HEAD and DELETE.</summary>
internal sealed class BlobEndpoint(Blobs blobs)
{
    public Task HandleAsync(HttpContext context, string repository, string reference)
    {
        var digest = ContentDigest.Parse(reference) ?? throw RegistryException.NoDigest(reference);
        if (HttpMethods.IsDelete(context.Request.Method))
        {
            if (!blobs.Remove(repository, digest))
                throw Unknown(digest);
            Reply.Send(context, StatusCodes.Status202Accepted);
            return Task.CompletedTask;
        }
        var file = blobs.Find(repository, digest) ?? throw Unknown(digest);
        context.Response.Headers["Docker-Content-Digest"] = reference;
        return TypedResults.PhysicalFile(
            file.FullName, "application/octet-stream", enableRangeProcessing: true,
            entityTag: new EntityTagHeaderValue($"\"{reference}\"")).ExecuteAsync(context);
    }

    private static RegistryException Unknown(ContentDigest digest) =>
        new(404, "BLOB_UNKNOWN", $"The repository has no blob {digest}.");
}
