using Crane.Planning;

namespace Crane.Building;

/// <summary>How one image gets here.</summary>
/// <param name="Node">Its place among the others, and how it is built, if it is.</param>
/// <param name="Pull">What is pulled: instead of a build, or before one is begun. Null where nothing is.</param>
internal sealed record ProvisionStep(BuildNode Node, RetagMove? Pull)
{
    /// <summary>Whether the image is built where a registry does not have it.</summary>
    public bool IsBuilt => Node.Plan.Operation == RetagOperation.Build;
}
