namespace Crane.CraneFile.Selecting;

/// <summary>
/// What <c>-Tag</c> does: it replaces the tag of images that are ours, so that one stack can be moved as one
/// version, and leaves the pins of everybody else's images alone.
/// </summary>
internal static class TagOverride
{
    /// <summary>
    /// Whether the image is built here, or both pulled and pushed by directives. Where one of these is missing it may be a pin
    /// of somebody else's image, which has no such tag.
    /// </summary>
    public static bool IsOurs(CraneContainer container) =>
        container.Build is not null || container.BuiltBy is not null || container is { Pull.IsDirective: true, Push.IsDirective: true };

    /// <summary>
    /// The image under another tag. Its digest goes: it names other content. An image that is missing or no name stays as it
    /// is, for planning to refuse.
    /// </summary>
    public static string? Apply(string? image, string tag) =>
        ImageName.TryParse(image, out var name) ? name.WithoutDigest().WithTag(tag).Parts.ToString() : image;
}
