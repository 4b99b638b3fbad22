using System.Net;
using Crane.Adapters.Registry.Lists;
using Crane.Adapters.Registry.Repositories;
using Crane.Adapters.Registry.Transport;
using Crane.Names;
using Crane.Oci;

namespace Crane.Adapters.Registry.Manifests;

/// <summary>The referrers of a manifest, as the registry lists them, else as clients do.</summary>
internal static class ReferrerList
{
    // Far more than an image has signatures, and little enough to be copied.
    private const int Most = 1_000;

    /// <summary>Reads all pages of it.</summary>
    /// <exception cref="CraneException">PullFailed, and those of the transport.</exception>
    public static async Task<IReadOnlyList<Descriptor>> ReadAsync(Repository repository, Digest subject, CancellationToken cancellation)
    {
        var referrers = new List<Descriptor>();
        var pages = new PageWalk<IReadOnlyList<Descriptor>?>(
            repository, $"the referrers of {subject}", (answer, token) => ReadPageAsync(repository, answer, token));
        var first = repository.Request(HttpMethod.Get, $"referrers/{subject}") with { Accept = [MediaTypes.OciIndex] };
        await foreach (var page in pages.WalkAsync(first, cancellation))
        {
            if (page is null)
                return await ReferrersTag.ReadAsync(repository, subject, cancellation);
            referrers.AddRange(page);
            if (referrers.Count > Most)
                throw repository.Fault($"the referrers of {subject}", $"there are more than {Most}, the most that are read");
        }

        return referrers;
    }

    // Registries without this list answer in many ways, with a page for humans even: only an index is an answer.
    private static async Task<IReadOnlyList<Descriptor>?> ReadPageAsync(
        Repository repository, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.StatusCode is (>= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) or HttpStatusCode.NotImplemented)
            return null;
        if (!answer.IsSuccessStatusCode)
            throw await repository.FaultAsync("the referrers", answer, cancellation);
        if (answer.Content.Headers.ContentType?.MediaType != MediaTypes.OciIndex)
            return null;
        var bytes = await BoundedBody.ReadAsync(answer, Manifest.MaxSize, cancellation)
            ?? throw repository.Fault("the referrers", $"a page has more than {Manifest.MaxSize} bytes");
        return Manifest.Read(bytes, MediaTypes.OciIndex, digest: null, repository.Name).Manifests;
    }
}
