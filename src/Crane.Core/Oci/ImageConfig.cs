using System.Text.Json;
using Crane.Errors;

namespace Crane.Oci;

/// <summary>What the configuration of an image says about it, after the OCI image specification.</summary>
internal sealed record ImageConfig
{
    /// <summary>The largest configuration that is read, in bytes: as for manifests.</summary>
    private const int MaxSize = Manifest.MaxSize;

    /// <summary>What the image runs on; null where that is not said, as of artifacts.</summary>
    public ImagePlatform? Platform { get; private init; }

    /// <summary>When it was built; null where that is not said.</summary>
    public DateTimeOffset? Created { get; private init; }

    /// <summary>Labels; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private init; } = Descriptor.NoAnnotations;

    /// <summary>Reads the configuration of an image.</summary>
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

    private static async Task<byte[]> ReadAsync(
        IContentSource source, ImageName image, Descriptor config, CancellationToken cancellation)
    {
        var itself = source.WithoutMirrors(image);
        try
        {
            var bytes = new byte[config.Size];
            await using var stream = await source.OpenBlobAsync(image, config, 0, cancellation);
            await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return config.Digest.IsOf(bytes) ? bytes : throw new CraneException(
                CraneErrorId.DigestMismatch,
                $"The configuration of '{image}' does not match its digest {config.Digest}.",
                "The source is damaged: push the image again.");
        }
        catch (CraneException) when (itself != source)
        {
            return await ReadAsync(itself, image, config, cancellation);
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
            return new ImageConfig
            {
                Platform = DescriptorReader.Platform(root),
                Created = DateTimeOffset.TryParse(
                    DescriptorReader.Text(root, "created"), System.Globalization.CultureInfo.InvariantCulture, out var created)
                    ? created
                    : null,
                Labels = root.TryGetProperty("config", out var run) && run.ValueKind == JsonValueKind.Object
                    ? DescriptorReader.Texts(run, "Labels")
                    : Descriptor.NoAnnotations,
            };
        }
        catch (Exception fault) when (fault is FormatException || JsonErrors.IsUnreadable(fault))
        {
            throw Unusable(image, JsonErrors.Words(fault));
        }
    }

    private static CraneException Unusable(ImageName image, string why) => new(
        CraneErrorId.PullFailed, $"The configuration of '{image}' cannot be used: {why}.", "Build and push the image anew with a current tool.");
}
