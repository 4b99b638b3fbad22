using Crane.Errors;

namespace Crane.Names;

/// <summary>The retag rule: which name an image has in a registry, and which one it has here.</summary>
internal static class Retag
{
    /// <summary>The name of <paramref name="image"/> where a pull reads from or a push writes to.</summary>
    /// <param name="image">The image; the rule works on its path as written, and its tag and digest stay.</param>
    /// <param name="registry">Replaces the registry of the image, or comes in front; null or empty for none.</param>
    /// <param name="overrideUser">Replaces the path component before the last one, or comes in front of a single one;
    /// null or empty for none.</param>
    /// <exception cref="CraneException">InvalidRegistry; InvalidImageName for a bad <paramref name="overrideUser"/>, or
    /// for a result that is none.</exception>
    public static ImageName Remote(ImageName image, string? registry, string? overrideUser)
    {
        var remote = image.Parts;
        if (!string.IsNullOrEmpty(overrideUser))
            remote = remote with { WrittenPath = WithUser(remote.WrittenPath, overrideUser) };
        if (!string.IsNullOrEmpty(registry))
            remote = At(RegistryAddress.Parse(registry), remote);
        else if (!string.IsNullOrEmpty(overrideUser) && remote.WrittenRegistry is null)
            RefuseUserThatReadsAsRegistry(overrideUser, remote.WrittenPath);
        return ImageName.FromParts(remote);
    }

    /// <summary>The plain local name of a pulled <paramref name="image"/>: the name without its digest.</summary>
    /// <exception cref="CraneException">DigestWithoutTag, since a digest alone is no local name.</exception>
    public static ImageName Local(ImageName image) => image.TagOrDefault is null
        ? throw new CraneException(
            CraneErrorId.DigestWithoutTag,
            $"Image {VisibleText.Quote(image.ToString())} has a digest but no tag, so there is no local name for it:"
                + $" write '{image.WithoutDigest()}:TAG@{image.Digest}'.",
            "Put the tag that the image is to have here between the name and the digest.")
        : image.WithoutDigest();

    private static ImageNameParts At(RegistryAddress registry, ImageNameParts image) => image with
    {
        WrittenRegistry = registry.Host,
        WrittenPath = registry.PathPrefix is null ? image.WrittenPath : $"{registry.PathPrefix}/{image.WrittenPath}",
    };

    private static string WithUser(string path, string user)
    {
        if (PathGrammar.Check(user) is { } fault)
            throw Refuse(user, fault with { Problem = fault.Problem + OfferLowerCase(user) });

        var components = path.Split('/');
        var name = components[^1];
        return string.Join('/', [.. components[..Math.Max(0, components.Length - 2)], user, name]);
    }

    private static string OfferLowerCase(string user)
    {
        var lower = user.ToLowerInvariant();
        return PathGrammar.Check(lower) is null ? $"; write {VisibleText.Quote(lower)}" : "";
    }

    // "first.last" in front of a name without a registry would send the image to a host of that name.
    private static void RefuseUserThatReadsAsRegistry(string user, string path)
    {
        var first = path[..path.IndexOf('/', StringComparison.Ordinal)];
        if (HostGrammar.ReadsAsRegistry(first))
            throw Refuse(user, new("path", 0, $"{VisibleText.Quote(first)} in front of a name reads as a registry",
                "If it is a registry, use registry; if it is a user of Docker Hub, add registry: docker.io."));
    }

    private static CraneException Refuse(string user, NameError fault) =>
        fault.ToException(CraneErrorId.InvalidImageName, "override_user", user);
}
