using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crane.Adapters.Registry.Repositories;
using Crane.Content;

namespace Crane.Adapters.Registry.Manifests;

/// <summary>
/// The index of referrers that clients keep under a tag made of the subject's digest, where a registry does not: the referrers
/// tag schema of the OCI Distribution Specification 1.1.
/// </summary>
internal sealed class ReferrersTag
{
    private const int AlgorithmLength = 32;
    private const int HexLength = 64;

    // Two referrers of one subject that are written at once would each leave the other out.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new(StringComparer.Ordinal);

    /// <summary>The tag for a subject.</summary>
    public static string Of(Digest subject) =>
        $"{subject.Algorithm[..Math.Min(subject.Algorithm.Length, AlgorithmLength)]}-{subject.Hex[..Math.Min(subject.Hex.Length, HexLength)]}";

    /// <summary>The referrers that are listed under a subject's tag.</summary>
    /// <exception cref="CraneException">As <see cref="ManifestReader.ReadTagAsync"/>.</exception>
    public static async Task<IReadOnlyList<Descriptor>> ReadAsync(Repository repository, Digest subject, CancellationToken cancellation) =>
        (await new ManifestReader(repository).ReadTagAsync(Of(subject), cancellation))?.Manifests ?? [];

    /// <summary>Adds a manifest to the list of its subject's referrers.</summary>
    /// <exception cref="CraneException">As <see cref="ManifestReader.ReadTagAsync"/> and <see cref="ManifestWriter.WriteAsync"/>.</exception>
    public async Task AddAsync(Repository repository, Manifest referrer, CancellationToken cancellation)
    {
        var tag = Of(referrer.Subject!.Digest);
        var turn = _turns.GetOrAdd($"{repository.Name.Registry}/{repository.Name.Repository}:{tag}", _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation);
        try
        {
            var found = await new ManifestReader(repository).ReadTagAsync(tag, cancellation);
            if (found is { IsIndex: true } && found.Manifests.Any(listed => listed.Digest == referrer.Descriptor.Digest))
                return;
            var bytes = JsonSerializer.SerializeToUtf8Bytes(WithReferrer(found, referrer.Descriptor));
            var index = Manifest.Read(bytes, MediaTypes.OciIndex, digest: null, repository.Name);
            await new ManifestWriter(repository).WriteAsync(tag, index, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    // What others wrote stays as they wrote it.
    private static JsonObject WithReferrer(Manifest? found, Descriptor referrer)
    {
        var index = found is { IsIndex: true } && JsonNode.Parse(found.Bytes.Span) is JsonObject read
            ? read
            : new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciIndex };
        if (index["manifests"] is not JsonArray list)
            index["manifests"] = list = [];
        list.Add(Json(referrer));
        return index;
    }

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
