using System.Net.Http.Headers;
using System.Text.Json;
using Crane.Testing.Storage;

namespace Crane.Testing;

/// <summary>
/// Puts images into a registry, of any kind, without an engine and without the client that is tested.
/// </summary>
/// <param name="registry">Scheme, host and port.</param>
/// <param name="handler">How requests are sent to it, where TLS or a credential needs more than the usual.</param>
/// <example><code>
/// using var seeder = new RegistrySeeder(registry.Address);
/// var image = await seeder.PutImageAsync("company/os", "1");
/// </code></example>
public sealed class RegistrySeeder(Uri registry, HttpMessageHandler? handler = null) : IDisposable
{
    private readonly HttpClient _client = new(handler ?? new SocketsHttpHandler()) { BaseAddress = new Uri(registry, "/v2/") };

    /// <summary>The media types of what it puts.</summary>
    public ManifestFormat Format { get; init; } = ManifestFormat.Oci;

    /// <summary>Sent with every request, for registries that want Basic authentication or a token.</summary>
    public AuthenticationHeaderValue? Authorization
    {
        get => _client.DefaultRequestHeaders.Authorization;
        init => _client.DefaultRequestHeaders.Authorization = value;
    }

    /// <summary>Puts an image for linux; without layers given, with one of 1,000 random bytes.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="reference">The tag; null leaves the image without one.</param>
    /// <param name="architecture">What it is for.</param>
    /// <param name="layers">Its layers.</param>
    public async Task<SampleManifest> PutImageAsync(
        string repository, string? reference = null, string architecture = "amd64", params SampleLayer[] layers)
    {
        if (layers.Length == 0)
            layers = [SampleLayer.Random(1_000)];
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture,
            os = "linux",
            config = new { },
            rootfs = new { type = "layers", diff_ids = layers.Select(layer => layer.DiffId) },
        });
        var manifest = new
        {
            schemaVersion = 2,
            mediaType = Format.Manifest,
            config = Describe(Format.Config, config),
            layers = layers.Select(layer => Describe(Format.Layer, layer.Content)),
        };
        string[] parts = [await PutBlobAsync(repository, config), .. await PutLayersAsync(repository, layers)];
        var put = await PutManifestAsync(repository, reference, Format.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest));
        return put with { Parts = parts, Architecture = architecture };
    }

    /// <summary>Puts an index of images that are there.</summary>
    public async Task<SampleManifest> PutIndexAsync(string repository, string? reference, params SampleManifest[] images)
    {
        var index = new
        {
            schemaVersion = 2,
            mediaType = Format.Index,
            manifests = images.Select(image => new
            {
                mediaType = image.MediaType,
                digest = image.Digest,
                size = image.Content.Length,
                platform = new { architecture = image.Architecture, os = "linux" },
            }),
        };
        var put = await PutManifestAsync(repository, reference, Format.Index, JsonSerializer.SerializeToUtf8Bytes(index));
        return put with { Parts = [.. images.Select(image => image.Digest)] };
    }

    /// <summary>Puts an artifact that refers to a manifest, as OCI 1.1 has it.</summary>
    public async Task<SampleManifest> PutReferrerAsync(SampleManifest subject, string artifactType)
    {
        var empty = "{}"u8.ToArray();
        var content = SampleLayer.Random(100).Content;
        var artifact = new
        {
            schemaVersion = 2,
            mediaType = ManifestFormat.Oci.Manifest,
            artifactType,
            config = Describe("application/vnd.oci.empty.v1+json", empty),
            layers = new[] { Describe("application/octet-stream", content) },
            subject = subject.Describe(),
        };
        string[] parts = [await PutBlobAsync(subject.Repository, empty), await PutBlobAsync(subject.Repository, content)];
        var bytes = JsonSerializer.SerializeToUtf8Bytes(artifact);
        return await PutManifestAsync(subject.Repository, null, ManifestFormat.Oci.Manifest, bytes) with { Parts = parts };
    }

    /// <summary>Puts a blob; gives its digest.</summary>
    public async Task<string> PutBlobAsync(string repository, byte[] content)
    {
        var digest = ContentDigest.Of(content).ToString();
        using var start = await _client.PostAsync(new Uri($"{repository}/blobs/uploads/", UriKind.Relative), null);
        start.EnsureSuccessStatusCode();
        var location = new UriBuilder(new Uri(_client.BaseAddress!, start.Headers.Location!));
        location.Query = $"{location.Query}&digest={digest}";
        using var body = new ByteArrayContent(content);
        using var end = await _client.PutAsync(location.Uri, body);
        end.EnsureSuccessStatusCode();
        return digest;
    }

    /// <summary>Puts a manifest of any kind under a tag, or without one.</summary>
    public async Task<SampleManifest> PutManifestAsync(string repository, string? reference, string mediaType, byte[] content)
    {
        var digest = ContentDigest.Of(content).ToString();
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        var path = new Uri($"{repository}/manifests/{reference ?? digest}", UriKind.Relative);
        using var response = await _client.PutAsync(path, body);
        response.EnsureSuccessStatusCode();
        return new SampleManifest(repository, mediaType, digest, content);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static object Describe(string mediaType, byte[] content) =>
        new { mediaType, digest = ContentDigest.Of(content).ToString(), size = content.Length };

    private async Task<IReadOnlyList<string>> PutLayersAsync(string repository, SampleLayer[] layers)
    {
        var digests = new List<string>();
        foreach (var layer in layers)
            digests.Add(await PutBlobAsync(repository, layer.Content));
        return digests;
    }
}
