namespace Crane.Names;

/// <summary>The errors for an image that was not found.</summary>
internal static class NoSuchImage
{
    /// <summary>A registry has no such image; <paramref name="why"/> is what it says about that, without a full stop.</summary>
    public static CraneException InRegistry(ImageName image, string? why, string advice) => new(
        CraneErrorId.ImageNotFound, $"{image.ShownRegistry} has no image '{image}'{(why is null ? "" : $": {why}")}.", advice);

    public static CraneException InStore(ImageName image, string store, string advice) => new(
        CraneErrorId.LocalImageNotFound, $"There is no image '{image}' in {store}.", advice);
}
