using System.Net;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry.Manifests;

/// <summary>Reads manifests and indexes of a repository.</summary>
/// <param name="repository">The repository.</param>
internal sealed class ManifestReader(Repository repository)
{
    private ImageName Name => repository.Name;

    private string Reference => Name.ContentDigest?.ToString() ?? Name.TagOrDefault!;

    /// <summary>What the tag or the digest of the repository's name stands for; null where it is not there.</summary>
    /// <remarks>One HEAD. Registries that do not answer it, or without the digest, are asked for the manifest itself.</remarks>
    /// <exception cref="CraneException">DigestMismatch, PullFailed or PushFailed, and those of the transport.</exception>
    public async Task<Descriptor?> ResolveAsync(CancellationToken cancellation)
    {
        var (isAnswered, told) = await repository.AskAsync(
            Request(HttpMethod.Head, Reference), (head, _) => Task.FromResult(Told(head)), cancellation);
        return isAnswered ? told : await repository.AskAsync(
            Request(HttpMethod.Get, Reference),
            async (answer, token) => answer.StatusCode == HttpStatusCode.NotFound ? null : Describe(answer, await ReadAsync(answer, token)),
            cancellation);
    }

    /// <summary>What the registry says about it where it is not there, which the answer to a HEAD cannot.</summary>
    /// <exception cref="CraneException">Those of the transport.</exception>
    public async Task<string?> WhyAbsentAsync(CancellationToken cancellation)
    {
        using var answer = await repository.SendAsync(Request(HttpMethod.Get, Reference), cancellation);
        return answer.IsSuccessStatusCode ? null : (await ErrorBody.ReadAsync(answer, cancellation)).Message?.TrimEnd('.');
    }

    /// <summary>Whether a manifest is there: one HEAD.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public async Task<bool> HasAsync(Digest digest, CancellationToken cancellation)
    {
        using var head = await repository.SendAsync(Request(HttpMethod.Head, digest.ToString()), cancellation);
        if (head.StatusCode == HttpStatusCode.NotFound)
            return false;
        await repository.ExpectAsync($"the manifest {digest}", head, cancellation);
        return true;
    }

    /// <summary>Reads a manifest, and checks its bytes against the digest.</summary>
    /// <exception cref="CraneException">As above; ImageNotFound.</exception>
    public Task<Manifest> ReadAsync(Descriptor manifest, CancellationToken cancellation) => repository.AskAsync(
        Request(HttpMethod.Get, manifest.Digest.ToString()),
        async (answer, token) =>
        {
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw await repository.NotFoundAsync($"the manifest {manifest.Digest}", answer, token);
            var bytes = await ReadAsync(answer, token);
            return manifest.Digest.IsOf(bytes.Span)
                ? Manifest.Read(bytes, KindOf(answer) ?? manifest.MediaType, manifest.Digest, Name)
                : throw Damaged(manifest.Digest);
        },
        cancellation);

    /// <summary>Reads the manifest of a tag, whatever its digest; null where there is no such tag.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public Task<Manifest?> ReadTagAsync(string tag, CancellationToken cancellation) => repository.AskAsync(
        Request(HttpMethod.Get, tag),
        async (answer, token) => answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : Manifest.Read(await ReadAsync(answer, token), KindOf(answer), digest: null, Name),
        cancellation);

    private RegistryRequest Request(HttpMethod method, string reference) =>
        repository.Request(method, $"manifests/{reference}") with { Accept = MediaTypes.Manifests };

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await repository.ExpectAsync("the manifest", answer, cancellation);
        return await BoundedBody.ReadAsync(answer, Manifest.MaxSize, cancellation)
            ?? throw repository.Fault("the manifest", $"it has more than {Manifest.MaxSize} bytes, the most that a manifest may have");
    }

    private (bool IsAnswered, Descriptor? Told) Told(HttpResponseMessage head)
    {
        if (head.StatusCode == HttpStatusCode.NotFound)
            return (true, null);
        var digest = AnswerHeaders.ContentDigest(head) ?? Name.ContentDigest;
        return head.IsSuccessStatusCode && !WebPage.Is(head) && digest is not null && head.Content.Headers.ContentLength is > 0 and var length
            ? (true, new Descriptor(MediaTypeOf(head) ?? "", Expected(digest), length))
            : (false, null);
    }

    private Descriptor Describe(HttpResponseMessage answer, ReadOnlyMemory<byte> bytes)
    {
        var digest = Name.ContentDigest ?? AnswerHeaders.ContentDigest(answer) ?? Digest.OfSha256(bytes.Span);
        return digest.IsOf(bytes.Span)
            ? new Descriptor(MediaTypeOf(answer) ?? "", digest, bytes.Length)
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

    private static string? MediaTypeOf(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType;

    // Some registries send everything as application/json or octets, which says less than what was known before.
    private static string? KindOf(HttpResponseMessage answer) => MediaTypeOf(answer) is { } type
        && (MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) || MediaTypes.IsSchema1(type)) ? type : null;
}
