namespace Crane.Input;

/// <summary>
/// The engines of a cmdlet that takes several: those of -Engine, else those in <c>CRANE_ENGINE</c>, separated by semicolons.
/// </summary>
internal static class EngineList
{
    private const string Variable = "CRANE_ENGINE";

    /// <summary>Returns the engines, each once; one that is null for the default. A layout folder has its full path.</summary>
    /// <exception cref="CraneException">As for <see cref="FileSystemPath.OfEngine"/>.</exception>
    public static IReadOnlyList<EngineChoice> Of(PathIntrinsics session, string[]? engines)
    {
        var (given, origin) = engines is { Length: > 0 } ? (engines, EngineChoice.FromParameter) : (InVariable(), $"from {Variable}");
        return given.Length == 0
            ? [new EngineChoice(FileSystemPath.OfEngine(session, null), EngineChoice.FromParameter)]
            : [.. given.Select(engine => new EngineChoice(FileSystemPath.OfEngine(session, engine), origin)).Distinct()];
    }

    // A single one is read where the engine is looked for.
    private static string[] InVariable() => Environment.GetEnvironmentVariable(Variable) is { } value && value.Contains(';')
        ? value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [];
}
