namespace Crane.Adapters.Building.Dockerfiles.Stages;

/// <summary>An ARG before the first FROM.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its default, variables not expanded; null where it has none.</param>
/// <param name="Line">Its line.</param>
internal sealed record GlobalArgument(string Name, string? Default, int Line);
