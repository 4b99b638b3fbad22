using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Crane.Testing.Hosting;
using Crane.Testing.Storage;
using Microsoft.AspNetCore.Http;

namespace Crane.Testing.Distribution;

/// <summary>Manifests, by tag and by digest: PUT, GET, HEAD and DELETE.</summary>
internal sealed partial class ManifestEndpoint(Manifests manifests, Blobs blobs, TestRegistryOptions options)
{
    /// <summary>What the specification asks a registry to take at least, and this one takes at most.</summary>
    private const int MaximumSize = 4 * 1024 * 1024;

    public Task HandleAsync(HttpContext context, string repository, string reference) => context.Request.Method switch
    {
        "PUT" => PutAsync(context, repository, reference),
        "DELETE" => DeleteAsync(context, repository, reference),
        _ => GetAsync(context, repository, reference),
    };

    private static RegistryException Unknown(string reference) =>
        new(404, "MANIFEST_UNKNOWN", $"The repository has no manifest '{reference}'.");

    private async Task GetAsync(HttpContext context, string repository, string reference)
    {
        var digest = ContentDigest.Parse(reference)
            ?? await manifests.FindTagAsync(repository, Tag(reference), context.RequestAborted) ?? throw Unknown(reference);
        var (content, mediaType) = await manifests.FindAsync(repository, digest, context.RequestAborted) ?? throw Unknown(reference);
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        context.Response.Headers.ETag = $"\"{digest}\"";
        await Reply.SendAsync(context, StatusCodes.Status200OK, content, mediaType);
    }

    private async Task PutAsync(HttpContext context, string repository, string reference)
    {
        var content = await ReadAsync(context);
        var manifest = ManifestContent.Parse(content);
        var mediaType = context.Request.ContentType is { Length: > 0 } type ? type : manifest.MediaType
            ?? throw new RegistryException(400, "MANIFEST_INVALID", "Neither the request nor the manifest says its type.");
        if (manifest.MediaType is { } said && said != mediaType)
            throw new RegistryException(400, "MANIFEST_INVALID", $"It was sent as '{mediaType}' and says that it is '{said}'.");
        CheckComplete(repository, manifest);

        var given = ContentDigest.Parse(reference);
        var digest = given ?? ContentDigest.Of(content);
        if (!await digest.MatchesAsync(new MemoryStream(content), context.RequestAborted))
            throw new RegistryException(400, "DIGEST_INVALID", $"The manifest does not have the digest {reference}.");
        var before = given is null ? await manifests.FindTagAsync(repository, Tag(reference), context.RequestAborted) : null;
        if (before is not null && before != digest && IsImmutable(reference))
            throw new RegistryException(409, "TAG_IMMUTABLE", $"The tag '{reference}' is there and never changes.");
        await manifests.PutAsync(repository, digest, content, mediaType, context.RequestAborted);
        if (given is null)
            await manifests.TagAsync(repository, Tag(reference), digest, context.RequestAborted);
        if (options.CollectsUntagged && (given ?? before) is { } untagged)
            await manifests.CollectAsync(repository, untagged, context.RequestAborted);
        if (options.HasReferrers && manifest.Subject is { } subject)
        {
            var descriptor = manifest.Describe(digest, mediaType, content.Length);
            await manifests.ReferAsync(repository, subject, digest, descriptor, context.RequestAborted);
            context.Response.Headers["OCI-Subject"] = subject.ToString();
        }
        context.Response.Headers.Location = $"/v2/{repository}/manifests/{digest}";
        context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        Reply.Send(context, StatusCodes.Status201Created);
    }

    private async Task DeleteAsync(HttpContext context, string repository, string reference)
    {
        var isRemoved = ContentDigest.Parse(reference) is { } digest
            ? await manifests.RemoveAsync(repository, digest, context.RequestAborted)
            : await RemoveTagAsync(repository, Tag(reference), context.RequestAborted);
        if (!isRemoved)
            throw Unknown(reference);
        Reply.Send(context, StatusCodes.Status202Accepted);
    }

    private async Task<bool> RemoveTagAsync(string repository, string tag, CancellationToken cancellation)
    {
        var before = await manifests.FindTagAsync(repository, tag, cancellation);
        if (before is not null && IsImmutable(tag))
            throw new RegistryException(403, "DENIED", $"The tag '{tag}' is never removed.");
        var isRemoved = manifests.RemoveTag(repository, tag);
        if (options.CollectsUntagged && before is { } untagged)
            await manifests.CollectAsync(repository, untagged, cancellation);
        return isRemoved;
    }

    private bool IsImmutable(string tag) =>
        options.ImmutableTags is { } pattern && FileSystemName.MatchesSimpleExpression(pattern, tag, ignoreCase: false);

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var content = new byte[MaximumSize + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(content, content.Length, false, context.RequestAborted);
        return length <= MaximumSize
            ? content[..length] : throw new RegistryException(413, "SIZE_INVALID", $"A manifest has at most {MaximumSize} bytes here.");
    }

    /// <summary>Nothing is taken that could not be pulled. A subject need not be there: the specification says so.</summary>
    private void CheckComplete(string repository, ManifestContent manifest)
    {
        foreach (var digest in manifest.Blobs)
        {
            if (blobs.Find(repository, digest) is null)
                throw new RegistryException(404, "MANIFEST_BLOB_UNKNOWN", $"The repository has no blob {digest}.");
        }
        foreach (var digest in manifest.Manifests)
        {
            if (!manifests.Has(repository, digest))
                throw new RegistryException(404, "MANIFEST_BLOB_UNKNOWN", $"The repository has no manifest {digest}.");
        }
    }

    private static string Tag(string reference) => TagName().IsMatch(reference)
        ? reference : throw new RegistryException(400, "TAG_INVALID", $"'{reference}' is no tag.");

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex TagName();
}
