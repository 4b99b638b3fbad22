namespace Crane.Adapters.Building;

/// <summary>Something to send with a build context.</summary>
/// <param name="Name">Its name in the context, with slashes and none at the end.</param>
/// <param name="Path">Where it is on disk.</param>
/// <param name="IsFolder">A folder; otherwise a file, a symbolic link or a special file, as is found when it is sent.</param>
internal sealed record ContextEntry(string Name, string Path, bool IsFolder = false)
{
    /// <summary>What is sent in place of the file on disk; null for what is there.</summary>
    public byte[]? Content { get; init; }
}
