using System.Net.Http.Headers;
using Crane.Adapters.Registry.Http;
using Crane.Oci;

namespace Crane.Adapters.Registry;

internal sealed class ManifestWriter(Repository repository)
{
    /// <summary>Writes a manifest under a tag or its digest.</summary>
    /// <returns>Whether the registry has taken note of the manifest's subject, if it has one.</returns>
    public async Task<bool> WriteAsync(string reference, Manifest manifest, CancellationToken cancellation)
    {
        var digest = manifest.Descriptor.Digest;
        using var response = await repository.SendAsync(
            repository.Request(HttpMethod.Put, $"manifests/{reference}") with { Content = () => Body(manifest) }, cancellation);
        if (!response.IsSuccessStatusCode && manifest.Layers.FirstOrDefault(layer => layer.IsForeign) is { } foreign)
            throw ForeignLayer(manifest, foreign, await ResponseErrors.StatusAsync(response, cancellation));
        await repository.ExpectAsync($"the manifest {digest}", response, cancellation);

        // The digest under a tag is the registry's choice; only one of the same algorithm can be compared.
        if (ResponseHeaders.ContentDigest(response) is { } taken && taken.Algorithm == digest.Algorithm && taken != digest)
            throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"{repository.Name.Registry} took the manifest {digest} of '{repository.Name}' for {taken}.",
                "Something between here and the registry changes what is sent to it.");
        return ResponseHeaders.HasSubject(response);
    }

    private CraneException ForeignLayer(Manifest manifest, Descriptor layer, string status) => new(
        CraneErrorId.PushFailed,
        $"{repository.Name.Registry} did not take the manifest {manifest.Descriptor.Digest} of '{repository.Name}', whose layer {layer.Digest} is "
        + $"a foreign one, kept by its publisher: it answered {status}.",
        "Copy-CraneImage -IncludeForeignLayer sends such layers, too. Some registries refuse them in any case, until they are configured to allow their addresses.");

    private static ReadOnlyMemoryContent Body(Manifest manifest) => new(manifest.Bytes)
    {
        Headers = { ContentType = new MediaTypeHeaderValue(manifest.Descriptor.MediaType) },
    };
}
