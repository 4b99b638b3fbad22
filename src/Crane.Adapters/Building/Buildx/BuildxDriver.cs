namespace Crane.Adapters.Building.Buildx;

/// <summary>Asks Buildx which driver a builder has.</summary>
internal static class BuildxDriver
{
    private const string Driver = "Driver:";

    /// <summary>Whether the builder is that of an engine, which sees the engine's images.</summary>
    /// <param name="program">Buildx.</param>
    /// <param name="builder">The name of the builder; null for the one that Buildx itself would take.</param>
    /// <param name="variables">The environment of the program.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <exception cref="CraneException">BuildFailed where Buildx knows no such builder.</exception>
    public static async Task<bool> IsDockerAsync(
        BuildxProgram program, string? builder, IReadOnlyDictionary<string, string?> variables, CancellationToken cancellation)
    {
        List<string> lines = [];
        var exitCode = await BuildxProcess.RunAsync(
            program, builder is null ? ["inspect"] : ["inspect", builder], variables, "", lines.Add, cancellation);
        if (exitCode != 0)
            throw BuildxFaults.Failed(string.Join(' ', lines).Trim());
        return lines.Find(line => line.StartsWith(Driver, StringComparison.Ordinal)) is { } line && line[Driver.Length..].Trim() == "docker";
    }
}
