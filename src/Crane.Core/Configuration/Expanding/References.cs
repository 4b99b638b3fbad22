using Crane.Names;

namespace Crane.Configuration;

/// <summary>
/// The remote names of a container. What is not valid has none here: the error is planning's, which knows whether the name
/// is used at all.
/// </summary>
internal sealed record References(ImageName? Pull, ImageName? Push)
{
    /// <summary>What the container pulls from and pushes to.</summary>
    public static References Of(string? image, ContainerBuild? build, ContainerPull? pull, ContainerPush? push)
    {
        if (!ImageName.TryParse(image, out var name))
            return new References(null, null);
        var isOnlyBuilt = build is not null && pull is null or { Registry: null, OverrideUser: null };
        return new References(
            isOnlyBuilt ? null : Remote(name, pull?.Registry, pull?.OverrideUser),
            push?.Skip == true || Pushed(name, push) is not { } pushed ? null : Remote(pushed, push?.Registry, push?.OverrideUser));
    }

    private static ImageName? Pushed(ImageName image, ContainerPush? push) =>
        push?.Tag is not [var tag, ..] ? image
        : ImageName.IsValidTag(tag) ? image.WithoutDigest().WithTag(tag)
        : null;

    private static ImageName? Remote(ImageName image, string? registry, string? overrideUser)
    {
        try
        {
            return Retag.Remote(image, registry, overrideUser);
        }
        catch (CraneException)
        {
            return null;
        }
    }
}
