namespace Crane;

/// <summary>An image name.</summary>
public sealed class ImageName
{
}
