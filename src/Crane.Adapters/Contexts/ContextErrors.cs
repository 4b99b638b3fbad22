using Crane.Errors;

namespace Crane.Adapters.Contexts;

/// <summary>The errors of build contexts.</summary>
internal static class ContextErrors
{
    private const string DoNotChange = "Build again when nothing changes it, or add it to .dockerignore if the build does not need it.";

    public static CraneException NoFolder(string folder) => File.Exists(folder)
        ? Failed(
            folder, $"The build context {Quote(folder)} is a file, not a folder.", "Use its folder as `context`.")
        : Failed(
            folder, $"The build context {Quote(folder)} does not exist.",
            "Correct `context` under `build`; a relative path there starts from the folder of the crane file.");

    /// <summary>Paths of crane files become absolute; this one comes from a plan that was written or changed by hand.</summary>
    public static CraneException NotAbsolute(string folder) => Failed(
        folder, $"The build context {Quote(folder)} is not an absolute path.", "Give an absolute path.");

    public static CraneException NoDockerfile(string path, string folder) => Failed(
        path, $"The Dockerfile {Quote(path)} does not exist.",
        $"Create it, or name another one as `file` under `build`; a relative path there starts from {Quote(folder)}.");

    public static CraneException NotADockerfile(string path) => Failed(
        path, $"The Dockerfile {Quote(path)} is not a regular file.", "Name a file as `file` under `build`.");

    public static CraneException Unreadable(string path, Exception exception) => Failed(
        path, $"{Quote(path)} cannot be read into the build context: {exception.Message}",
        "Make it readable for you, or add it to .dockerignore if the build does not need it.", exception);

    /// <summary>A listed path that does not exist, or whose folder may not be read.</summary>
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

    /// <summary>A listed path that does not exist.</summary>
    public static CraneException Gone(string path, Exception? exception = null) => path.Contains('\uFFFD', StringComparison.Ordinal)
        ? Failed(
            path, $"{Quote(path)} cannot be sent with the build context: its name is not valid UTF-8.",
            "Rename it, or add it to .dockerignore, with '?' or '*' for invalid characters.", exception)
        : Failed(path, $"{Quote(path)} was removed while the build context was sent.", DoNotChange, exception);

    public static CraneException Changed(string path, string change) =>
        Failed(path, $"{Quote(path)} {change} while it was sent with the build context.", DoNotChange);

    public static CraneException UnreadableIgnoreFile(string path, Exception exception) => Failed(
        path, $"{Quote(path)} cannot be read: {exception.Message}", "Make it a file that is readable for you, or remove it.", exception);

    public static CraneException IgnoreFileIsNotText(string path) => Failed(
        path, $"{Quote(path)} is not UTF-8 text.", "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.");

    public static CraneException InvalidPattern(string path, int line, string text, FormatException exception) => new(
        CraneErrorId.BuildFailed, $"{Quote(path)} line {line}: invalid pattern {Quote(text.Trim())}: {exception.Message}.",
        "Correct the pattern; a backslash makes a special character literal.", exception)
    {
        Subject = path,
        Location = new SourceLocation(path, line, text.Length - text.TrimStart().Length + 1, text),
    };

    /// <summary>Accesses a file of the context; exceptions become errors about it.</summary>
    /// <exception cref="CraneException">BuildFailed.</exception>
    public static T Access<T>(string path, Func<T> access)
    {
        try
        {
            return access();
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
        new(CraneErrorId.BuildFailed, message, advice, inner) { Subject = path };
}
