namespace Crane;

/// <summary>A tag of a repository: what <c>Get-CraneTag</c> emits.</summary>
public sealed record CraneTag
{
    internal CraneTag(ImageName repository, string tag, bool isLocal)
    {
        Repository = isLocal ? repository.WithoutDigest().WithoutTag().ToString() : $"{repository.Registry}/{repository.Repository}";
        Tag = tag;
        Reference = $"{Repository}:{tag}";
    }

    /// <summary>The repository, with its registry; without one where it is a local one.</summary>
    public string Repository { get; }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>The name of the image: the repository with the tag.</summary>
    public string Reference { get; }

    /// <summary>The name of the image.</summary>
    public override string ToString() => Reference;
}
