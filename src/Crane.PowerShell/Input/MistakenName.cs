namespace Crane.Input;

/// <summary>A path or the name of an image that was given in place of the name of a container: many programs take these first.</summary>
internal static class MistakenName
{
    private static readonly string[] Endings = [".yaml", ".yml", ".json", ".svg", ".html", ".mmd", ".dot", ".hcl"];

    /// <summary>Returns the error of an unknown name; if the name is something else, with what takes it.</summary>
    /// <param name="writes">Whether the command can write a file, too.</param>
    public static CraneException Explain(CraneException error, PathIntrinsics session, bool writes) =>
        error is { Id: CraneErrorId.UnknownContainer, Location: null, Subject: string name } && Advice(session, name, writes) is { } advice
            ? new CraneException(error.Id, error.Message, advice, error) { Subject = name }
            : error;

    private static string? Advice(PathIntrinsics session, string name, bool writes) =>
        IsImage(session, name)
            ? "It looks like the name of an image. Give the name of its container, which Get-CraneContainer shows. Get-CraneImage shows"
                + " an image that no crane file has, and -Source with -Target pulls, pushes or copies it."
        : !IsPath(session, name) ? null
        : writes ? $"It looks like a path. To write that file, write -FilePath '{name}'; to read it, -Path '{name}'."
        : $"It looks like a path. To read that file, write -Path '{name}'.";

    private static bool IsImage(PathIntrinsics session, string name) =>
        name.Contains('/', StringComparison.Ordinal) && !HasEnding(name) && !Exists(session, name, Path.Exists)
        && ImageName.TryParse(name, out _);

    private static bool IsPath(PathIntrinsics session, string name) =>
        name.AsSpan().ContainsAny("/\\") || HasEnding(name) || Exists(session, name, File.Exists);

    private static bool HasEnding(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static bool Exists(PathIntrinsics session, string name, Func<string, bool> exists)
    {
        try
        {
            return exists(FileSystemPath.Of(session, name, "-Name"));
        }
        catch (CraneException)
        {
            return false;
        }
    }
}
