using Crane.Names;

namespace Crane.CraneFile.Model;

/// <summary>
/// The names of a container's image: the one place that says what it is called here, what a pull reads and what a push
/// writes. What is wrong with a name is an error about the value that it comes from.
/// </summary>
internal static class ContainerNames
{
    /// <summary>The name here.</summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, DigestWithoutTag.</exception>
    public static ImageName Plain(CraneContainer container)
    {
        var image = Image(container);
        return container.Read("image", () => Retag.Local(image));
    }

    /// <summary>What a pull reads; null where the image is built here and no directive says where else it is.</summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry.</exception>
    public static ImageName? Pulled(CraneContainer container) =>
        (container.Build is not null || container.BuiltBy is not null) && container.Pull is not { IsDirective: true }
            ? null
            : Remote(container, Image(container), "pull", container.Pull?.Registry, container.Pull?.OverrideUser);

    /// <summary>
    /// What a push writes, once for each tag; empty where nothing says where to. A name without a registry does not say Docker
    /// Hub: it is what everything here is called.
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
            CraneErrorId.MissingImage,
            $"Container '{container.Name}' has no image.",
            $"Write 'image: company/{container.Name}' into the container, or leave it out with -Exclude."));

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
