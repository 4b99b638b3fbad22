namespace Crane.Configuration;

/// <summary>
/// What <c>-Tag</c> does: it replaces the tag of images that we build or retag, so that one stack can be moved as one
/// version, and leaves the pins of everybody else's images alone.
/// </summary>
internal static class TagOverride
{
    /// <summary>Whether the image is built here, or has another name in a registry than here.</summary>
    public static bool IsOurs(ContainerBuild? build, ContainerPull? pull, ContainerPush? push) =>
        build is not null
        || pull is { Registry: not null } or { OverrideUser: not null }
        || push is { Registry: not null } or { OverrideUser: not null };

    /// <summary>
    /// The image under another tag. Its digest goes: it names other content. An image that is missing or no name stays as it
    /// is, for planning to refuse.
    /// </summary>
    public static string? Apply(string? image, string tag) =>
        ImageName.TryParse(image, out var name) ? name.WithoutDigest().WithTag(tag).Parts.ToString() : image;
}
