namespace Crane.Names;

/// <summary>The errors for an image that is not where it was looked for.</summary>
internal static class NoSuchImage
{
    /// <summary>A registry has no such image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="why">What the registry says about it, without a full stop; null for nothing.</param>
    /// <param name="advice">What to do.</param>
    public static CraneException InRegistry(ImageName image, string? why, string advice) => new(
        CraneErrorId.ImageNotFound, $"{image.ShownRegistry} has no image '{image}'{(why is null ? "" : $": {why}")}.", advice);

    /// <summary>A local store has no such image.</summary>
    public static CraneException InStore(ImageName image, string store, string advice) => new(
        CraneErrorId.LocalImageNotFound, $"There is no image '{image}' in {store}.", advice);
}
