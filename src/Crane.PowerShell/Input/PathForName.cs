namespace Crane.Input;

/// <summary>A path that was given in place of the name of a container: many programs take the file first.</summary>
internal static class PathForName
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>Returns the error of an unknown name; if the name is a path, with the parameter that takes it.</summary>
    public static CraneException Explain(CraneException error, PathIntrinsics session) =>
        error is { Id: CraneErrorId.UnknownContainer, Location: null, Subject: string name } && IsPath(session, name)
            ? new CraneException(error.Id, error.Message, $"It looks like a path. To read that file, write -Path '{name}'.", error)
            { Subject = name }
            : error;

    private static bool IsPath(PathIntrinsics session, string name) =>
        name.AsSpan().ContainsAny("/\\")
        || Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        || Exists(session, name);

    private static bool Exists(PathIntrinsics session, string name)
    {
        try
        {
            return File.Exists(FileSystemPath.Of(session, name, "-Name"));
        }
        catch (CraneException)
        {
            return false;
        }
    }
}
