using System.Net;
using System.Net.Http.Headers;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

internal sealed class ManifestClient(Repository repository)
{
    private ImageName Name => repository.Name;

    private string Reference => Name.ContentDigest?.ToString() ?? Name.TagOrDefault!;

    /// <summary>Resolves the tag or the digest of the repository's name; null where there is no such image.</summary>
    /// <remarks>One HEAD. If the response has no digest, one GET of the manifest follows.</remarks>
    public async Task<Descriptor?> ResolveAsync(CancellationToken cancellation)
    {
        var found = await repository.AskAsync(
            Request(HttpMethod.Head, Reference), (head, _) => Task.FromResult(ReadHead(head)), cancellation);
        return found is not null ? found.Descriptor : await repository.AskAsync(
            Request(HttpMethod.Get, Reference),
            async (response, token) =>
                response.StatusCode == HttpStatusCode.NotFound ? null : Describe(response, await ReadAsync(response, token)),
            cancellation);
    }

    /// <summary>Reads the manifest of the tag or the digest of the repository's name; null where there is no such image.</summary>
    public Task<Manifest?> FindAsync(CancellationToken cancellation) => repository.AskAsync(
        Request(HttpMethod.Get, Reference),
        async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                return null;
            var bytes = await ReadAsync(response, token);
            return Manifest.Read(bytes, KindOf(response), Describe(response, bytes).Digest, Name);
        },
        cancellation);

    /// <summary>Why there is no such image, in the words of the registry, which the response to a HEAD does not have.</summary>
    public async Task<string?> WhyAbsentAsync(CancellationToken cancellation)
    {
        using var response = await repository.SendAsync(Request(HttpMethod.Get, Reference), cancellation);
        return response.IsSuccessStatusCode ? null : (await ErrorBody.ReadAsync(response, cancellation)).Message?.TrimEnd('.');
    }

    /// <summary>Whether a manifest exists: one HEAD.</summary>
    public async Task<bool> HasAsync(Digest digest, CancellationToken cancellation)
    {
        using var head = await repository.SendAsync(Request(HttpMethod.Head, digest.ToString()), cancellation);
        if (head.StatusCode == HttpStatusCode.NotFound)
            return false;
        await repository.ExpectAsync($"the manifest {digest}", head, cancellation);
        return true;
    }

    /// <summary>Reads a manifest, and checks its bytes against the digest.</summary>
    public Task<Manifest> ReadAsync(Descriptor manifest, CancellationToken cancellation) => repository.AskAsync(
        Request(HttpMethod.Get, manifest.Digest.ToString()),
        async (response, token) =>
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
                throw await repository.NotFoundAsync($"the manifest {manifest.Digest}", response, token);
            var bytes = await ReadAsync(response, token);
            return manifest.Digest.IsOf(bytes.Span)
                ? Manifest.Read(bytes, KindOf(response) ?? manifest.MediaType, manifest.Digest, Name)
                : throw Damaged(manifest.Digest);
        },
        cancellation);

    /// <summary>Reads the manifest of a tag, whatever its digest; null where there is no such tag.</summary>
    public Task<Manifest?> ReadTagAsync(string tag, CancellationToken cancellation) => repository.AskAsync(
        Request(HttpMethod.Get, tag),
        async (response, token) => response.StatusCode == HttpStatusCode.NotFound
            ? null
            : Manifest.Read(await ReadAsync(response, token), KindOf(response), digest: null, Name),
        cancellation);

    /// <summary>Writes a manifest under a tag or its digest.</summary>
    /// <returns>Whether the registry lists the manifest as a referrer of its subject, if it has one.</returns>
    public async Task<bool> WriteAsync(string reference, Manifest manifest, CancellationToken cancellation)
    {
        var digest = manifest.Descriptor.Digest;
        using var response = await repository.SendAsync(
            repository.Request(HttpMethod.Put, $"manifests/{reference}") with { Content = () => Body(manifest) }, cancellation);
        if (!response.IsSuccessStatusCode && manifest.Layers.FirstOrDefault(layer => layer.IsForeign) is { } foreign)
            throw ForeignLayer(manifest, foreign, await ResponseErrors.StatusAsync(response, cancellation));
        if (!response.IsSuccessStatusCode && (await ErrorBody.ReadAsync(response, cancellation)).IsOfMissingContent)
            throw Incomplete(digest, await ResponseErrors.StatusAsync(response, cancellation));
        await repository.ExpectAsync($"the manifest {digest}", response, cancellation);

        // The digest under a tag is the registry's choice; only one of the same algorithm can be compared.
        if (ResponseHeaders.ContentDigest(response) is { } written && written.Algorithm == digest.Algorithm && written != digest)
            throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"{Name.Registry} reports the digest {written} for the manifest {digest} of '{Name}'.",
                "Something between this machine and the registry changes the data.");
        return ResponseHeaders.HasSubject(response);
    }

    /// <summary>Removes the tag of the repository's name. The manifest stays. It is no error if there is no such tag.</summary>
    /// <exception cref="CraneException">PushFailed, also if the registry does not remove tags.</exception>
    public async Task DeleteTagAsync(CancellationToken cancellation)
    {
        using var response = await repository.SendAsync(
            repository.Request(HttpMethod.Delete, $"manifests/{Name.TagOrDefault}") with
            {
                Scopes = [new RegistryScope(Name.Repository, Push: true, Delete: true)],
            },
            cancellation);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
            throw new CraneException(
                CraneErrorId.PushFailed,
                $"{Name.Registry} did not remove the tag of '{Name}': "
                + $"it returned {await ResponseErrors.StatusAsync(response, cancellation)}.",
                "Many registries remove tags only in their own way, such as on a web page: remove it there, or push the image that it "
                + "should be.");
    }

    private RegistryRequest Request(HttpMethod method, string reference) =>
        repository.Request(method, $"manifests/{reference}") with { Accept = MediaTypes.Manifests };

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await repository.ExpectAsync("the manifest", response, cancellation);
        return await BoundedBody.ReadAsync(response, Manifest.MaxSize, cancellation)
            ?? throw repository.Error("the manifest", $"it has more than {Manifest.MaxSize} bytes, the limit for manifests");
    }

    // Null where the headers do not say.
    private Resolution? ReadHead(HttpResponseMessage head)
    {
        if (head.StatusCode == HttpStatusCode.NotFound)
            return new(null);
        var digest = ResponseHeaders.ContentDigest(head) ?? Name.ContentDigest;
        return head.IsSuccessStatusCode && !ResponseErrors.IsWebPage(head)
            && digest is not null && head.Content.Headers.ContentLength is > 0 and var length
            ? new(new Descriptor(MediaTypeOf(head) ?? "", Expected(digest), length))
            : null;
    }

    private Descriptor Describe(HttpResponseMessage response, ReadOnlyMemory<byte> bytes)
    {
        var digest = Name.ContentDigest ?? ResponseHeaders.ContentDigest(response) ?? Digest.OfSha256(bytes.Span);
        return digest.IsOf(bytes.Span)
            ? new Descriptor(MediaTypeOf(response) ?? "", digest, bytes.Length)
            : throw Damaged(digest);
    }

    // A registry may report the digest of another algorithm for the same manifest.
    private Digest Expected(Digest reported) => Name.ContentDigest is not { } requested ? reported
        : requested == reported || requested.Algorithm != reported.Algorithm ? requested : throw Damaged(requested);

    private CraneException Damaged(Digest digest) => new(
        CraneErrorId.DigestMismatch,
        $"The manifest that {Name.Registry} returned for '{Name}' does not match its digest {digest}.",
        "Something between this machine and the registry changes the data, or the registry is damaged: push the image again.");

    // Another client may be writing the same blob at this moment, or the registry's servers may not know it yet.
    private CraneException Incomplete(Digest digest, string status) => new(
        CraneErrorId.PushFailed,
        $"{Name.Registry} no longer has content of the manifest {digest} of '{Name}' that it had accepted: it returned {status}.",
        "See the registry's log. If several servers form the registry, they need the same storage.")
    {
        IsTransient = true,
    };

    private CraneException ForeignLayer(Manifest manifest, Descriptor layer, string status) => new(
        CraneErrorId.PushFailed,
        $"{Name.Registry} did not accept the manifest {manifest.Descriptor.Digest} of '{Name}' with its foreign "
        + $"layer {layer.Digest}: it returned {status}.",
        "Copy-CraneImage -IncludeForeignLayer copies such layers, too. Some registries refuse them until configured to allow their URLs.");

    private static ReadOnlyMemoryContent Body(Manifest manifest) => new(manifest.Bytes)
    {
        Headers = { ContentType = new MediaTypeHeaderValue(manifest.Descriptor.MediaType) },
    };

    private static string? MediaTypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    // Some registries send everything as application/json or application/octet-stream.
    private static string? KindOf(HttpResponseMessage response) => MediaTypeOf(response) is { } type
        && (MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) || MediaTypes.IsSchema1(type)) ? type : null;

    /// <param name="Descriptor">The manifest's; null where there is no such image.</param>
    private sealed record Resolution(Descriptor? Descriptor);
}
