namespace Crane.Planning;

/// <summary>What every plan takes from its container.</summary>
internal static class ContainerPlan
{
    public static RetagPlan Planned(CraneContainer container, RetagOperation operation) => new()
    {
        Container = container.Name,
        Operation = operation,
        Status = RetagStatus.Planned,
        Push = operation is RetagOperation.Pull or RetagOperation.Build ? container.Push?.ToString() : null,
        RegistrySetting = container.RegistrySetting,
        Path = container.Path,
        Line = container.Line,
        Origin = container.Origin,
    };

    public static RetagPlan Skipped(CraneContainer container, RetagOperation operation, string reason) =>
        Planned(container, operation) with { Status = RetagStatus.Skipped, Reason = reason };

    /// <summary>Why an image that is built here is not pulled: by the container itself, or by another of its crane files.</summary>
    public static string BuiltHere(CraneContainer container) =>
        container.BuiltBy is { } other ? $"built here by '{other}'" : "built here";
}
