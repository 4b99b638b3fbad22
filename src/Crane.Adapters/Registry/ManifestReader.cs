using System.Net;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

internal sealed class ManifestReader(Repository repository)
{
    private ImageName Name => repository.Name;

    private string Reference => Name.ContentDigest?.ToString() ?? Name.TagOrDefault!;

    /// <summary>What the tag or the digest of the repository's name stands for; null where it is not there.</summary>
    /// <remarks>One HEAD. Registries that do not answer it, or without the digest, are asked for the manifest itself.</remarks>
    public async Task<Descriptor?> ResolveAsync(CancellationToken cancellation)
    {
        var (isAnswered, told) = await repository.AskAsync(
            Request(HttpMethod.Head, Reference), (head, _) => Task.FromResult(Told(head)), cancellation);
        return isAnswered ? told : await repository.AskAsync(
            Request(HttpMethod.Get, Reference),
            async (response, token) => response.StatusCode == HttpStatusCode.NotFound ? null : Describe(response, await ReadAsync(response, token)),
            cancellation);
    }

    /// <summary>The manifest that the tag or the digest of the repository's name stands for; null where it is not there.</summary>
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

    /// <summary>What the registry says about it where it is not there, which the response to a HEAD cannot.</summary>
    public async Task<string?> WhyAbsentAsync(CancellationToken cancellation)
    {
        using var response = await repository.SendAsync(Request(HttpMethod.Get, Reference), cancellation);
        return response.IsSuccessStatusCode ? null : (await ErrorBody.ReadAsync(response, cancellation)).Message?.TrimEnd('.');
    }

    /// <summary>Whether a manifest is there: one HEAD.</summary>
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

    private RegistryRequest Request(HttpMethod method, string reference) =>
        repository.Request(method, $"manifests/{reference}") with { Accept = MediaTypes.Manifests };

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await repository.ExpectAsync("the manifest", response, cancellation);
        return await BoundedBody.ReadAsync(response, Manifest.MaxSize, cancellation)
            ?? throw repository.Error("the manifest", $"it has more than {Manifest.MaxSize} bytes, the most that a manifest may have");
    }

    private (bool IsAnswered, Descriptor? Told) Told(HttpResponseMessage head)
    {
        if (head.StatusCode == HttpStatusCode.NotFound)
            return (true, null);
        var digest = ResponseHeaders.ContentDigest(head) ?? Name.ContentDigest;
        return head.IsSuccessStatusCode && !ResponseErrors.IsWebPage(head) && digest is not null && head.Content.Headers.ContentLength is > 0 and var length
            ? (true, new Descriptor(MediaTypeOf(head) ?? "", Expected(digest), length))
            : (false, null);
    }

    private Descriptor Describe(HttpResponseMessage response, ReadOnlyMemory<byte> bytes)
    {
        var digest = Name.ContentDigest ?? ResponseHeaders.ContentDigest(response) ?? Digest.OfSha256(bytes.Span);
        return digest.IsOf(bytes.Span)
            ? new Descriptor(MediaTypeOf(response) ?? "", digest, bytes.Length)
            : throw Damaged(digest);
    }

    // Registries may say another algorithm's digest of the same manifest.
    private Digest Expected(Digest told) => Name.ContentDigest is not { } asked || asked == told || asked.Algorithm != told.Algorithm
        ? Name.ContentDigest ?? told
        : throw Damaged(asked);

    private CraneException Damaged(Digest digest) => new(
        CraneErrorId.DigestMismatch,
        $"The manifest that {Name.Registry} gives for '{Name}' is not the one of its digest {digest}.",
        "Something between here and the registry changes what it sends, or the registry is damaged: push the image there anew.");

    private static string? MediaTypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    // Some registries send everything as application/json or octets, which says less than what was known before.
    private static string? KindOf(HttpResponseMessage response) => MediaTypeOf(response) is { } type
        && (MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) || MediaTypes.IsSchema1(type)) ? type : null;
}
