namespace Crane.Adapters.Docker;

/// <summary>
/// How an image is called in requests to an engine: always in full, so that no name is taken for the beginning of an
/// image id; by its digest where it has one, since engines disagree about a name with both tag and digest.
/// </summary>
internal static class EngineReference
{
    private const string DefaultTag = "latest";

    /// <summary>The name without tag and digest.</summary>
    public static string Repository(ImageName image) => $"{image.Registry}/{image.Repository}";

    /// <summary>The tag that is meant; a digest is not looked at.</summary>
    public static string Tag(ImageName image) => image.Tag ?? DefaultTag;

    /// <summary>What chooses one image of the repository: the digest, else the tag.</summary>
    public static string Selector(ImageName image) => image.Digest ?? Tag(image);

    /// <summary>The name of one image.</summary>
    public static string Name(ImageName image) =>
        image.Digest is { } digest ? $"{Repository(image)}@{digest}" : $"{Repository(image)}:{Tag(image)}";
}
