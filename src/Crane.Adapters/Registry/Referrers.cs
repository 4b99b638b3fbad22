using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Crane.Adapters.Registry.Http;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry;

/// <summary>The referrers of a manifest: the registry's own list, else the one that clients keep under a tag.</summary>
internal static class ReferrerList
{
    // Far more than an image has signatures, and few enough to copy.
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
                throw repository.Error($"the referrers of {subject}", $"there are more than {Most}, the limit");
        }

        return referrers;
    }

    // Registries without this list respond in many ways, even with a web page: only an index counts.
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
/// The index of referrers that clients keep under a tag where a registry has no list of its own: the referrers tag schema of the OCI
/// Distribution Specification 1.1.
/// </summary>
internal sealed class ReferrersTag
{
    private static readonly byte[] Empty =
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[]}""");

    // Two referrers of one subject, written at the same time, would overwrite each other's list.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    public static string Of(Digest subject) =>
        $"{subject.Algorithm}-{subject.Hex[..Math.Min(subject.Hex.Length, 64)]}";

    public static async Task<IReadOnlyList<Descriptor>> ReadAsync(Repository repository, Digest subject, CancellationToken cancellation) =>
        (await new ManifestClient(repository).ReadTagAsync(Of(subject), cancellation))?.Manifests ?? [];

    /// <exception cref="CraneException">PushFailed where the tag is no index; those of <see cref="ManifestClient"/>.</exception>
    public async Task AddAsync(Repository repository, Manifest referrer, CancellationToken cancellation)
    {
        var tag = Of(referrer.Subject!.Digest);
        var turn = _turns.GetOrAdd($"{repository.Name.RepositoryKey}:{tag}", _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            var manifests = new ManifestClient(repository);
            var found = await manifests.ReadTagAsync(tag, cancellation);
            if (found is { IsIndex: false })
                throw NotAList(repository, tag, found);
            if (found?.Manifests.Any(listed => listed.Digest == referrer.Descriptor.Digest) == true)
                return;
            var list = (found ?? Manifest.Read(Empty, MediaTypes.OciIndex, digest: null, repository.Name))
                .With(index => Add(index, referrer.Descriptor), repository.Name.WithoutDigest().WithTag(tag));
            await manifests.WriteAsync(tag, list, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    // Entries of other clients stay as they are.
    private static void Add(JsonObject index, Descriptor referrer)
    {
        if (index["manifests"] is not JsonArray list)
            index["manifests"] = list = [];
        list.Add(Json(referrer));
    }

    // The specification requires this: the manifest would be lost.
    private static CraneException NotAList(Repository repository, string tag, Manifest found) => new(
        CraneErrorId.PushFailed,
        $"The referrers of an image of '{repository.Name.WithoutDigest().WithoutTag()}' could not be listed: the tag '{tag}', "
        + $"which holds the list in {repository.Name.Registry}, is a manifest of type {found.Descriptor.MediaType}.",
        $"Give that manifest another tag if it is needed, and delete the tag '{tag}'; or omit -IncludeReferrers.");

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
