using System.IO.Compression;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Crane.Adapters.Tests.Docker;

/// <summary>Puts images into an open registry without an engine, for those that an engine would not push.</summary>
internal sealed class RegistryFixture : IDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://{Testbed.Official}/v2/") };

    /// <summary>The architecture that the engine here pulls.</summary>
    public static string OwnArchitecture { get; } =
        RuntimeInformation.OSArchitecture == Architecture.X64 ? "amd64" : RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>One that it does not.</summary>
    public static string OtherArchitecture => "s390x";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Puts an index with an image for each architecture; gives its digest and those of the images.</summary>
    public async Task<(string Index, string[] Manifests)> PutIndexAsync(ImageName name, params string[] architectures)
    {
        var manifests = new List<(string Digest, int Size, string Architecture)>();
        foreach (var architecture in architectures)
        {
            var manifest = await ManifestAsync(name.Repository, architecture);
            var digest = Digest(manifest);
            await PutManifestAsync(name.Repository, digest, manifest, ManifestType);
            manifests.Add((digest, manifest.Length, architecture));
        }
        var index = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = IndexType,
            manifests = manifests.Select(manifest => new
            {
                mediaType = ManifestType,
                digest = manifest.Digest,
                size = manifest.Size,
                platform = new { architecture = manifest.Architecture, os = "linux" },
            }),
        });
        await PutManifestAsync(name.Repository, name.Tag!, index, IndexType);
        return (Digest(index), [.. manifests.Select(manifest => manifest.Digest)]);
    }

    public void Dispose() => _client.Dispose();

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    private async Task<byte[]> ManifestAsync(string repository, string architecture)
    {
        var tar = SampleImages.Tar(100_000);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(tar, Cancellation);
        var layer = packed.ToArray();
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture,
            os = "linux",
            config = new { },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(tar) } },
        });
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = await PutBlobAsync(repository, config, "application/vnd.oci.image.config.v1+json"),
            layers = new[] { await PutBlobAsync(repository, layer, "application/vnd.oci.image.layer.v1.tar+gzip") },
        });
    }

    private async Task<object> PutBlobAsync(string repository, byte[] content, string mediaType)
    {
        using var start = await _client.PostAsync(new Uri($"{repository}/blobs/uploads/", UriKind.Relative), null, Cancellation);
        start.EnsureSuccessStatusCode();
        var location = new UriBuilder(new Uri(_client.BaseAddress!, start.Headers.Location!));
        location.Query = $"{location.Query}&digest={Digest(content)}";
        using var body = new ByteArrayContent(content);
        using var end = await _client.PutAsync(location.Uri, body, Cancellation);
        end.EnsureSuccessStatusCode();
        return new { mediaType, digest = Digest(content), size = content.Length };
    }

    private async Task PutManifestAsync(string repository, string reference, byte[] content, string mediaType)
    {
        using var body = new StringContent(Encoding.UTF8.GetString(content));
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var response = await _client.PutAsync(new Uri($"{repository}/manifests/{reference}", UriKind.Relative), body, Cancellation);
        response.EnsureSuccessStatusCode();
    }
}
