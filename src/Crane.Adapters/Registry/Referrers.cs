using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>The referrers of a manifest, as the registry lists them, else as clients do.</summary>
internal static class ReferrerList
{
    // Far more than an image has signatures, and little enough to be copied.
    private const int Most = 1_000;

    public static async Task<IReadOnlyList<Descriptor>> ReadAsync(Repository repository, Digest subject, CancellationToken cancellation)
    {
        var referrers = new List<Descriptor>();
        var pages = new PageWalk<IReadOnlyList<Descriptor>?>(
            repository, $"the referrers of {subject}", (response, token) => ReadPageAsync(repository, response, token));
        var first = repository.Request(HttpMethod.Get, $"referrers/{subject}") with { Accept = [MediaTypes.OciIndex] };
        await foreach (var page in pages.WalkAsync(first, cancellation))
        {
            if (page is null)
                return await ReferrersTag.ReadAsync(repository, subject, cancellation);
            referrers.AddRange(page);
            if (referrers.Count > Most)
                throw repository.Error($"the referrers of {subject}", $"there are more than {Most}, the most that are read");
        }

        return referrers;
    }

    // Registries without this list answer in many ways, with a page for humans even: only an index is a response.
    private static async Task<IReadOnlyList<Descriptor>?> ReadPageAsync(
        Repository repository, HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode is (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) or HttpStatusCode.NotImplemented)
            return null;
        if (!response.IsSuccessStatusCode)
            throw await repository.ErrorAsync("the referrers", response, cancellation);
        if (response.Content.Headers.ContentType?.MediaType != MediaTypes.OciIndex)
            return null;
        var bytes = await BoundedBody.ReadAsync(response, Manifest.MaxSize, cancellation)
            ?? throw repository.Error("the referrers", $"a page has more than {Manifest.MaxSize} bytes");
        return Manifest.Read(bytes, MediaTypes.OciIndex, digest: null, repository.Name).Manifests;
    }
}

/// <summary>
/// The index of referrers that clients keep under a tag made of the subject's digest, where a registry does not: the referrers
/// tag schema of the OCI Distribution Specification 1.1.
/// </summary>
internal sealed class ReferrersTag
{
    private const int AlgorithmLength = 32;
    private const int HexLength = 64;

    private static readonly byte[] Empty = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""");

    // Two referrers of one subject that are written at once would each leave the other out.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    public static string Of(Digest subject) =>
        $"{subject.Algorithm[..Math.Min(subject.Algorithm.Length, AlgorithmLength)]}-{subject.Hex[..Math.Min(subject.Hex.Length, HexLength)]}";

    public static async Task<IReadOnlyList<Descriptor>> ReadAsync(Repository repository, Digest subject, CancellationToken cancellation) =>
        (await new ManifestReader(repository).ReadTagAsync(Of(subject), cancellation))?.Manifests ?? [];

    /// <exception cref="CraneException">
    /// PushFailed where the tag is something else's; as <see cref="ManifestReader.ReadTagAsync"/> and <see cref="ManifestWriter.WriteAsync"/>.
    /// </exception>
    public async Task AddAsync(Repository repository, Manifest referrer, CancellationToken cancellation)
    {
        var tag = Of(referrer.Subject!.Digest);
        var turn = _turns.GetOrAdd($"{repository.Name.Registry}/{repository.Name.Repository}:{tag}", _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            var found = await new ManifestReader(repository).ReadTagAsync(tag, cancellation);
            if (found is { IsIndex: false })
                throw NotAList(repository, tag, found);
            if (found?.Manifests.Any(listed => listed.Digest == referrer.Descriptor.Digest) == true)
                return;
            var list = (found ?? Manifest.Read(Empty, MediaTypes.OciIndex, digest: null, repository.Name))
                .With(index => Add(index, referrer.Descriptor), repository.Name.WithoutDigest().WithTag(tag));
            await new ManifestWriter(repository).WriteAsync(tag, list, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    // What others wrote stays as they wrote it.
    private static void Add(JsonObject index, Descriptor referrer)
    {
        if (index["manifests"] is not JsonArray list)
            index["manifests"] = list = [];
        list.Add(Json(referrer));
    }

    // The specification has clients stop here: what is under the tag is somebody's, and would be lost.
    private static CraneException NotAList(Repository repository, string tag, Manifest found) => new(
        CraneErrorId.PushFailed,
        $"What refers to an image of '{repository.Name.WithoutDigest().WithoutTag()}' could not be listed: {repository.Name.Registry} leaves that "
        + $"to a list under the tag '{tag}', and there is a manifest of the type {found.Descriptor.MediaType}.",
        $"Give that manifest another tag, if it is needed, and delete the tag '{tag}'; or leave out -IncludeReferrers.");

    private static JsonObject Json(Descriptor referrer)
    {
        var json = new JsonObject
        {
            ["mediaType"] = referrer.MediaType,
            ["digest"] = referrer.Digest.ToString(),
            ["size"] = referrer.Size,
        };
        if (referrer.ArtifactType is { } type)
            json["artifactType"] = type;
        if (referrer.Annotations.Count > 0)
            json["annotations"] = new JsonObject(referrer.Annotations.Select(note => KeyValuePair.Create(note.Key, (JsonNode?)note.Value)));
        return json;
    }
}
