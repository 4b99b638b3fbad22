using Crane.Testing.Hosting;
using Crane.Testing.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Crane.Testing.Distribution;

/// <summary>Uploads of blobs: in one request, in two, in chunks, or by mounting the blob of another repository.</summary>
internal sealed class UploadEndpoint(Blobs blobs, Uploads uploads)
{
    /// <summary>POST: mounts a blob, takes a whole one, or begins an upload.</summary>
    public async Task StartAsync(HttpContext context, string repository)
    {
        var query = context.Request.Query;
        if (ContentDigest.Parse(query["mount"]) is { } mounted && (string?)query["from"] is { } from
            && RegistryPath.IsRepository(from) && await blobs.MountAsync(from, repository, mounted, context.RequestAborted))
        {
            Created(context, repository, mounted);
            return;
        }
        var upload = uploads.Begin(repository);
        if ((string?)query["digest"] is { } digest)
            await CompleteAsync(context, upload, digest);
        else
            Progress(context, upload, StatusCodes.Status202Accepted);
    }

    /// <summary>GET tells how far an upload is, PATCH appends to it, PUT completes it, DELETE cancels it.</summary>
    public async Task ContinueAsync(HttpContext context, string repository, string id)
    {
        var upload = Find(repository, id);
        using var turn = await upload.EnterAsync(context.RequestAborted);
        _ = Find(repository, id); // It may have ended while this request waited for its turn.
        switch (context.Request.Method)
        {
            case "PATCH":
                CheckRange(context, upload);
                await upload.AppendAsync(context.Request.Body);
                Progress(context, upload, StatusCodes.Status202Accepted);
                break;
            case "PUT":
                CheckRange(context, upload);
                await CompleteAsync(context, upload, context.Request.Query["digest"]);
                break;
            case "DELETE":
                uploads.End(upload);
                Reply.Send(context, StatusCodes.Status204NoContent);
                break;
            default:
                Progress(context, upload, StatusCodes.Status204NoContent);
                break;
        }
    }

    private static void Created(HttpContext context, string repository, ContentDigest digest)
    {
        context.Response.Headers.Location = $"/v2/{repository}/blobs/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        Reply.Send(context, StatusCodes.Status201Created);
    }

    private static void Progress(HttpContext context, Upload upload, int status)
    {
        context.Response.Headers.Location = $"/v2/{upload.Repository}/blobs/uploads/{upload.Id}";
        context.Response.Headers["Docker-Upload-UUID"] = upload.Id;
        context.Response.Headers.Range = Arrived(upload);
        Reply.Send(context, status);
    }

    // The end is inclusive, so nothing at all looks like one byte: registries have always said it that way.
    private static string Arrived(Upload upload) => $"0-{Math.Max(upload.Length - 1, 0)}";

    /// <summary>A chunk that says its range must begin where the last one ended, and be as long as it says.</summary>
    private static void CheckRange(HttpContext context, Upload upload)
    {
        // The specification leaves out the unit, `bytes`, that HTTP has before a range.
        if ((string?)context.Request.Headers.ContentRange is not { } header)
            return;
        var range = header.Replace("bytes ", "", StringComparison.Ordinal).Split('/')[0].Split('-');
        var isNext = range is [var first, var last]
            && long.TryParse(first, out var from) && long.TryParse(last, out var to)
            && from == upload.Length && (context.Request.ContentLength ?? to - from + 1) == to - from + 1;
        if (!isNext)
        {
            throw new RegistryException(416, "BLOB_UPLOAD_INVALID", $"The range '{header}' is not what comes next.")
            {
                Header = (HeaderNames.Range, Arrived(upload)),
            };
        }
    }

    private async Task CompleteAsync(HttpContext context, Upload upload, string? value)
    {
        var digest = ContentDigest.Parse(value) ?? throw RegistryException.NoDigest(value ?? "");
        await upload.AppendAsync(context.Request.Body);
        var isTaken = await blobs.TakeAsync(upload.Repository, digest, upload.Path, context.RequestAborted);
        uploads.End(upload);
        if (!isTaken)
            throw new RegistryException(400, "DIGEST_INVALID", $"What was uploaded does not have the digest {digest}.");
        Created(context, upload.Repository, digest);
    }

    private Upload Find(string repository, string id) => uploads.Find(repository, id)
        ?? throw new RegistryException(404, "BLOB_UPLOAD_UNKNOWN", $"There is no upload {id}.");
}
