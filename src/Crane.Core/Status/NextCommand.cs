namespace Crane.Status;

/// <summary>The command that brings an image and its registries together; null where more than one would, or none.</summary>
internal static class NextCommand
{
    /// <param name="isBuilt">Whether the container has a build section.</param>
    /// <param name="isPublished">Whether the registry of the pull has the image.</param>
    /// <param name="logIn">The registry to log in to first; null for none.</param>
    /// <param name="engine">The engine, if it is not the default; otherwise null.</param>
    public static string? Of(ImageStatus status, bool isBuilt, bool isPublished, string? logIn, string? engine)
    {
        if (logIn is not null)
            return $"Connect-CraneRegistry {Quoted(logIn)}";
        var command = status switch
        {
            _ when StatusSentence.IsMissing(status) =>
                status.Pull == SyncState.Missing && isPublished ? Pull() : isBuilt ? Build("") : null,
            { Pull: SyncState.Behind } => Pull(),
            { Base: BaseState.Moved } => Build(" -Pull"),
            { Base: BaseState.Stale } => Build(""),
            { Push: SyncState.Ahead or SyncState.Unpublished } => $"Invoke-CranePush {Quoted(status.Container)}",
            { Push: SyncState.Behind } => $"Invoke-CranePull -Source {Quoted(status.Personal!)} -Target {Quoted(status.Image)}",
            _ => null,
        };
        return command is null || engine is null ? command : $"{command} -Engine {Quoted(engine)}";

        string Pull() => $"Invoke-CranePull {Quoted(status.Container)}";
        string Build(string option) => $"Invoke-CraneBuild {Quoted(status.Container)}{option}";
    }

    // A word that PowerShell reads as it is stays so.
    private static string Quoted(string word) =>
        word.Length > 0 && word[0] != '-' && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "._-/:".Contains(letter))
        ? word
        : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
}
