using System.Text.Json;
using Crane.Errors;

namespace Crane.Oci;

/// <summary>The configuration of an image, after the OCI image specification.</summary>
internal sealed record ImageConfig
{
    private const int MaxSize = Manifest.MaxSize;

    /// <summary>The platform; null if it is not given, as for artifacts.</summary>
    public ImagePlatform? Platform { get; private init; }

    /// <summary>When it was built; null if unknown.</summary>
    public DateTimeOffset? Created { get; private init; }

    public IReadOnlyDictionary<string, string> Labels { get; private init; } = Descriptor.NoAnnotations;

    /// <summary>The digests of the uncompressed layers, base first; empty for artifacts.</summary>
    public IReadOnlyList<string> DiffIds { get; private init; } = [];

    /// <summary>As <see cref="Oci.ContentHash"/> makes it; empty for artifacts.</summary>
    public string ContentHash { get; private init; } = "";

    /// <exception cref="CraneException">PullFailed, ImageNotFound, DigestMismatch, and what opening a blob throws.</exception>
    public static async Task<ImageConfig> ReadAsync(
        IContentSource source, ImageName image, Manifest manifest, CancellationToken cancellation)
    {
        if (manifest.Config is not { } config)
            return new ImageConfig();
        if (config.Size > MaxSize)
            throw Unusable(image, $"it has {config.Size} bytes, more than {MaxSize}");

        return Read(await ReadAsync(source, image, config, cancellation), image);
    }

    private static async Task<byte[]> ReadAsync(IContentSource source, ImageName image, Descriptor config, CancellationToken cancellation)
    {
        var origin = source.WithoutMirrors(image);
        try
        {
            var bytes = new byte[config.Size];
            await using var stream = await source.OpenBlobAsync(image, config, 0, cancellation);
            await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return config.Digest.IsOf(bytes) ? bytes : throw new CraneException(
                CraneErrorId.DigestMismatch, $"The configuration of '{image}' does not match its digest {config.Digest}.",
                "The source is damaged: push the image again.");
        }
        catch (CraneException) when (origin != source)
        {
            return await ReadAsync(origin, image, config, cancellation);
        }
    }

    private static ImageConfig Read(byte[] bytes, ImageName image)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;

            // The configuration of an artifact may be anything, often an empty object.
            if (root.ValueKind != JsonValueKind.Object)
                return new ImageConfig();
            var diffIds = DiffIdsIn(root);
            return new ImageConfig
            {
                DiffIds = diffIds,
                ContentHash = DescriptorReader.Platform(root) is not { } platform ? "" : Oci.ContentHash.Of(
                    (platform.Os, platform.Architecture, platform.Variant),
                    diffIds, root.TryGetProperty("config", out var settings) ? settings : default),
                Platform = DescriptorReader.Platform(root),
                Created = DateTimeOffset.TryParse(
                    DescriptorReader.Text(root, "created"), System.Globalization.CultureInfo.InvariantCulture, out var created)
                    ? created
                    : null,
                Labels = root.TryGetProperty("config", out var run) && run.ValueKind == JsonValueKind.Object
                    ? DescriptorReader.Strings(run, "Labels")
                    : Descriptor.NoAnnotations,
            };
        }
        catch (Exception error) when (error is FormatException || JsonErrors.IsUnreadable(error))
        {
            throw Unusable(image, JsonErrors.Words(error));
        }
    }

    private static IReadOnlyList<string> DiffIdsIn(JsonElement root) =>
        root.TryGetProperty("rootfs", out var content) && content.ValueKind == JsonValueKind.Object
        && content.TryGetProperty("diff_ids", out var layers) && layers.ValueKind == JsonValueKind.Array
            ? [.. layers.EnumerateArray().Select(layer => layer.ValueKind == JsonValueKind.String ? layer.GetString()! : "")]
            : [];

    private static CraneException Unusable(ImageName image, string why) => new(
        CraneErrorId.PullFailed, $"The configuration of '{image}' cannot be used: {why}.",
        "Build and push the image again with a current tool.");
}
