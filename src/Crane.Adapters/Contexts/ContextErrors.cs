using Crane.Errors;

namespace Crane.Adapters.Contexts;

/// <summary>What can be wrong with a build context, each with what to do about it.</summary>
internal static class ContextErrors
{
    private const string ChangeNothing =
        "Build again when nothing writes there, or add it to .dockerignore if the build does not need it.";

    public static CraneException NoFolder(string folder) => File.Exists(folder)
        ? Failed(
            folder, $"The build context {Quote(folder)} is a file, not a folder.", "Name the folder that holds it as `context`.")
        : Failed(
            folder, $"The build context {Quote(folder)} does not exist.",
            "Correct `context` under `build`; a relative path there starts from the folder of the crane file.");

    /// <summary>Crane files are read with full paths; this one comes from a plan that was written or changed by hand.</summary>
    public static CraneException NotAFullPath(string folder) => Failed(
        folder, $"The build context {Quote(folder)} is not a full path.", "Write where the folder is, from the root on.");

    public static CraneException NoDockerfile(string path, string folder) => Failed(
        path, $"There is no Dockerfile {Quote(path)}.",
        $"Create it, or name another one as `file` under `build`; a relative path there starts from {Quote(folder)}.");

    public static CraneException NotADockerfile(string path) => Failed(
        path, $"The Dockerfile {Quote(path)} is not a regular file.", "Name a file as `file` under `build`.");

    public static CraneException Unreadable(string path, Exception exception) => Failed(
        path, $"{Quote(path)} cannot be read into the build context: {exception.Message}",
        "Make it readable to you, or add it to .dockerignore if the build does not need it.", exception);

    /// <summary>A path that was listed and then is said not to exist; or the folder above does not let us look.</summary>
    public static CraneException Absent(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return Gone(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            return Unreadable(path, exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Gone(path, exception);
        }
    }

    /// <summary>A path that was listed and then not found.</summary>
    public static CraneException Gone(string path, Exception? exception = null) => path.Contains('\uFFFD', StringComparison.Ordinal)
        ? Failed(
            path, $"{Quote(path)} cannot be sent with the build context: its name is not valid UTF-8.",
            "Rename it, or add it to .dockerignore, where '?' or '*' stands for what cannot be written.", exception)
        : Failed(path, $"{Quote(path)} was removed while the build context was sent.", ChangeNothing, exception);

    /// <param name="path">The file.</param>
    /// <param name="change">What it did, as in "grew".</param>
    public static CraneException Changed(string path, string change) =>
        Failed(path, $"{Quote(path)} {change} while it was sent with the build context.", ChangeNothing);

    public static CraneException UnreadableIgnoreFile(string path, Exception exception) => Failed(
        path, $"{Quote(path)} cannot be read: {exception.Message}", "Make it a file that is readable to you, or remove it.", exception);

    public static CraneException IgnoreFileIsNoText(string path) => Failed(
        path, $"{Quote(path)} is not UTF-8 text.", "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.");

    public static CraneException InvalidPattern(string path, int line, string text, FormatException exception) => new(
        CraneErrorId.BuildFailed, $"{Quote(path)} line {line}: the pattern {Quote(text.Trim())} is not valid: {exception.Message}.",
        "Correct the pattern; a backslash before a character of a name takes away its meaning.", exception)
    {
        Target = path,
        Location = new SourceLocation(path, line, text.Length - text.TrimStart().Length + 1, text),
    };

    /// <summary>Looks at a file of the context; where that cannot be done, the error says so in words about it.</summary>
    /// <exception cref="CraneException">BuildFailed.</exception>
    public static T Access<T>(string path, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone(path, missing);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    private static string Quote(string path) => VisibleText.Quote(path);

    private static CraneException Failed(string path, string message, string advice, Exception? inner = null) =>
        new(CraneErrorId.BuildFailed, message, advice, inner) { Target = path };
}
