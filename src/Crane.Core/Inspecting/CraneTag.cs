namespace Crane;

/// <summary>A tag of a repository: what <c>Get-CraneTag</c> emits.</summary>
public sealed record CraneTag
{
    internal CraneTag(ImageName repository, string tag)
    {
        var image = repository.WithoutDigest().WithTag(tag);
        Repository = repository.WithoutDigest().WithoutTag().ToString();
        Tag = tag;
        Reference = image.ToString();
    }

    /// <summary>The repository, with its registry where that is not Docker Hub.</summary>
    public string Repository { get; }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>The name of the image: the repository with the tag.</summary>
    public string Reference { get; }

    /// <summary>The name of the image.</summary>
    public override string ToString() => Reference;
}
