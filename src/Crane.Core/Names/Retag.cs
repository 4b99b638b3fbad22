using Crane.Errors;

namespace Crane.Names;

/// <summary>The retag rule: the name of an image in a registry, and its local name.</summary>
internal static class Retag
{
    private const string UserForm =
        "A user consists of lower-case letters and digits, with '.', '_' or '-' between them; slashes separate several.";

    /// <summary>The name of <paramref name="image"/> in the registry of a pull or push.</summary>
    /// <param name="registry">Replaces or adds the registry; null or empty for none.</param>
    /// <param name="overrideUser">Replaces or adds the path component before the last one; null or empty for none.</param>
    /// <exception cref="CraneException">InvalidRegistry; InvalidImageName for <paramref name="overrideUser"/> or the result.</exception>
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

    /// <summary>The plain local name: without the digest.</summary>
    /// <exception cref="CraneException">DigestWithoutTag.</exception>
    public static ImageName Local(ImageName image) => image.TagOrDefault is null
        ? throw new CraneException(
            CraneErrorId.DigestWithoutTag,
            $"Image {VisibleText.Quote(image.ToString())} has a digest but no tag, so there is no local name for it:"
                + $" write '{image.WithoutDigest()}:TAG@{image.Digest}'.",
            "Put the tag of the local image between the name and the digest.")
        : image.WithoutDigest();

    private static ImageNameParts At(RegistryAddress registry, ImageNameParts image) => image with
    {
        WrittenRegistry = registry.Host,
        WrittenPath = registry.PathPrefix is null ? image.WrittenPath : $"{registry.PathPrefix}/{image.WrittenPath}",
    };

    private static string WithUser(string path, string user)
    {
        if (PathGrammar.Check(user) is { } error)
            throw Refuse(user, error with { Problem = error.Problem + OfferLowerCase(user) });

        var components = path.Split('/');
        var name = components[^1];
        return string.Join('/', [.. components[..Math.Max(0, components.Length - 2)], user, name]);
    }

    private static string OfferLowerCase(string user)
    {
        var lower = user.ToLowerInvariant();
        return PathGrammar.Check(lower) is null ? $"; write {VisibleText.Quote(lower)}" : "";
    }

    // As the first component, "first.last" would be a registry.
    private static void RefuseUserThatReadsAsRegistry(string user, string path)
    {
        var first = path[..path.IndexOf('/', StringComparison.Ordinal)];
        if (HostGrammar.ReadsAsRegistry(first))
            throw Refuse(user, new("path", 0, $"{VisibleText.Quote(first)} in front of a name reads as a registry",
                "If it is a registry, use registry; if it is a user of Docker Hub, add registry: docker.io."));
    }

    private static CraneException Refuse(string user, NameError error) =>
        (error with { Advice = error.Advice ?? UserForm })
            .ToException(CraneErrorId.InvalidImageName, "override_user", UserInformation.Mask(user));
}
