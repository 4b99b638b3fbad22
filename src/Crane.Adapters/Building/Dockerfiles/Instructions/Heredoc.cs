namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>A heredoc of an instruction.</summary>
/// <param name="Name">What ends it.</param>
/// <param name="Content">Its lines with their line breaks.</param>
internal sealed record Heredoc(string Name, string Content);
