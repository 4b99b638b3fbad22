using Crane.Names;

namespace Crane.CraneFile.Model;

/// <summary>
/// Decides the names of a container's image: the plain local one, the source of a pull and the targets of a push. An invalid name is an
/// error about the value that it comes from.
/// </summary>
internal static class ContainerNames
{
    /// <exception cref="CraneException">MissingImage, InvalidImageName, DigestWithoutTag.</exception>
    public static ImageName Plain(CraneContainer container)
    {
        var image = Image(container);
        return container.Read("image", () => Retag.Local(image));
    }

    /// <summary>The source of a pull; null for an image that is built here and has no pull directive.</summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry.</exception>
    public static ImageName? Pulled(CraneContainer container) =>
        (container.Build is not null || container.BuiltBy is not null) && container.Pull is not { IsDirective: true }
            ? null
            : Remote(container, Image(container), "pull", container.Pull?.Registry, container.Pull?.OverrideUser);

    /// <summary>
    /// The targets of a push, one for each tag; empty without a push directive or a registry in the name. A name without a registry does
    /// not mean Docker Hub here: all plain names have none.
    /// </summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry.</exception>
    public static IReadOnlyList<ImageName> Pushed(CraneContainer container)
    {
        var push = container.Push;
        if (push is { Skip: true })
            return [];
        var image = Image(container);
        if (push is not { IsDirective: true } && image.Parts.WrittenRegistry is null)
            return [];
        var remote = Remote(container, image, "push", push?.Registry, push?.OverrideUser);
        return push is not { Tag: { } tags } ? [remote]
            : [.. tags.Select(tag => container.Read("push.tag", () => remote.WithoutDigest().WithTag(tag), tag))];
    }

    private static ImageName Image(CraneContainer container) => container.Image is { Length: > 0 } image
        ? container.Read("image", () => ImageName.ParseGiven(image))
        : throw container.Origin.Locate(new CraneException(
            CraneErrorId.MissingImage, $"Container '{container.Name}' has no image.",
            $"Add 'image: company/{container.Name}' to the container, or exclude it with -Exclude."));

    private static ImageName Remote(CraneContainer container, ImageName image, string section, string? registry, string? overrideUser)
    {
        try
        {
            return Retag.Remote(image, registry, overrideUser);
        }
        catch (CraneException error)
        {
            throw container.Locate(error, error.Id == CraneErrorId.InvalidRegistry ? $"{section}.registry"
                : string.IsNullOrEmpty(overrideUser) ? "image"
                : $"{section}.override_user");
        }
    }
}
