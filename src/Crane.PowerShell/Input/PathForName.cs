namespace Crane.Input;

/// <summary>A path that was given in place of the name of a container: many programs take the file first.</summary>
internal static class PathForName
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json", ".svg", ".html", ".mmd", ".dot", ".hcl"];

    /// <summary>Returns the error of an unknown name; if the name is a path, with the parameter that takes it.</summary>
    /// <param name="writes">Whether the command can write a file, too.</param>
    public static CraneException Explain(CraneException error, PathIntrinsics session, bool writes) =>
        error is { Id: CraneErrorId.UnknownContainer, Location: null, Subject: string name } && IsPath(session, name)
            ? new CraneException(error.Id, error.Message, $"It looks like a path. {Advice(name, writes)}", error) { Subject = name }
            : error;

    private static string Advice(string name, bool writes) => writes
        ? $"To write that file, write -FilePath '{name}'; to read it, -Path '{name}'."
        : $"To read that file, write -Path '{name}'.";

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
