using System.Text;
using Crane.Adapters.Machine;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// Reads the text of a Dockerfile: UTF-8, as which BuildKit takes every one. Bytes that are no UTF-8 matter only where they
/// stand.
/// </summary>
internal static class DockerfileText
{
    private const string SaveAsUtf8 = "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.";
    private const string Whereabouts =
        "Say where it is with 'file' in the build section: relative to the context, and 'Dockerfile' where it is not given.";

    /// <exception cref="CraneException">BuildFailed where it is missing, cannot be read, is too large or is UTF-16.</exception>
    public static string Read(string path)
    {
        try
        {
            return Decode(RegularFile.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Error(path, "is missing", Whereabouts, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Error(
                path, $"cannot be read: {exception.Message.TrimEnd('.')}", (exception as FileRefusedException)?.Advice, exception);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path) => bytes switch
    {
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => throw Error(path, "is UTF-16", SaveAsUtf8),
        _ => Encoding.UTF8.GetString(bytes),
    };

    private static CraneException Error(string path, string problem, string? advice, Exception? inner = null) =>
        new(CraneErrorId.BuildFailed, $"The Dockerfile {VisibleText.Quote(path)} {problem}.", advice, inner) { Target = path };
}
