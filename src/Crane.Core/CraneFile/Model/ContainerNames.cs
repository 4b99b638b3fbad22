using Crane.Names;

namespace Crane.CraneFile.Model;

/// <summary>
/// Decides the names of a container's image: the plain local one, the source of a pull and the targets of a push. An invalid name is an
/// error about the value that it comes from.
/// </summary>
internal sealed class ContainerNames(CraneContainer container)
{
    // Each of the names begins with it, and a stack may have thousands.
    private ImageName Image => field ??= Read();

    /// <exception cref="CraneException">MissingImage, InvalidImageName, DigestWithoutTag.</exception>
    public ImageName Plain() => container.Read("image", Image, Retag.Local);

    /// <summary>The image as written, of which nothing is made; empty for none.</summary>
    /// <exception cref="CraneException">InvalidImageName.</exception>
    public string Written()
    {
        if (container.Image is not { Length: > 0 } image)
            return "";
        _ = Image;
        return image;
    }

    /// <summary>The source of a pull; null for an image that is built here and has no pull directive.</summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry.</exception>
    public ImageName? Pulled() =>
        (container.Build is not null || container.BuiltBy is not null) && container.Pull is not { IsDirective: true }
            ? null
            : Remote("pull", container.Pull?.Registry, container.Pull?.OverrideUser);

    /// <summary>
    /// The targets of a push, one for each tag; empty without a push directive or a registry in the name. A name without a registry does
    /// not mean Docker Hub here: all plain names have none.
    /// </summary>
    /// <exception cref="CraneException">MissingImage, InvalidImageName, InvalidRegistry.</exception>
    public IReadOnlyList<ImageName> Pushed()
    {
        var push = container.Push;
        if (push is { Skip: true } || (push is not { IsDirective: true } && Image.Parts.WrittenRegistry is null))
            return [];
        var remote = Remote("push", push?.Registry, push?.OverrideUser);
        return push is not { Tag: { } tags } ? [remote]
            : [.. tags.Select(tag => container.Read("push.tag", tag, remote.WithoutDigest().WithTag, tag))];
    }

    private ImageName Read() => container.Image is { Length: > 0 } image
        ? container.Read("image", image, ImageName.ParseGiven)
        : throw container.Origin.Locate(new CraneException(
            CraneErrorId.MissingImage, $"Container '{container.Name}' has no image.",
            $"Add 'image: company/{container.Name}' to the container, or exclude it with -Exclude."));

    private ImageName Remote(string section, string? registry, string? overrideUser)
    {
        var image = Image;
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
