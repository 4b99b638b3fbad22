namespace Crane.Planning;

/// <summary>What every plan takes from its container.</summary>
internal static class ContainerPlan
{
    public static RetagPlan Planned(CraneContainer container, RetagOperation operation) => new()
    {
        Container = container.Name,
        Operation = operation,
        Status = RetagStatus.Planned,
        RegistrySetting = container.RegistrySetting,
        Path = container.Path,
        Line = container.Line,
    };

    public static RetagPlan Skipped(CraneContainer container, RetagOperation operation, string reason) =>
        Planned(container, operation) with { Status = RetagStatus.Skipped, Reason = reason };

    /// <exception cref="CraneException">MissingImage, InvalidImageName.</exception>
    public static ImageName ImageOf(CraneContainer container)
    {
        if (container.Image is { Length: > 0 } image)
            return ImageName.Parse(image);
        throw new CraneException(
            CraneErrorId.MissingImage,
            $"Container '{container.Name}' has no image.",
            $"Write 'image: company/{container.Name}' into the container, or leave it out with -Exclude.");
    }
}
