using System.Text;
using Crane.Names;

namespace Crane.Adapters.Building.Dockerfiles;

/// <summary>
/// Reads the text of a Dockerfile: UTF-8, as which BuildKit takes every one. Bytes that are no UTF-8 matter only where they
/// stand.
/// </summary>
internal static class DockerfileText
{
    private const int SizeLimit = 16 * 1024 * 1024;
    private const string SaveAsUtf8 = "Save it as UTF-8, in PowerShell with Set-Content -Encoding utf8.";
    private const string MoveContent = "Move what it holds into files of the context.";
    private const string Whereabouts =
        "Say where it is with 'file' in the build section: relative to the context, and 'Dockerfile' where it is not given.";

    /// <param name="path">Full path of the file.</param>
    /// <exception cref="CraneException">BuildFailed where it is missing, cannot be read, is too large or is UTF-16.</exception>
    public static string Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var content = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (content.Length <= SizeLimit && stream.Read(buffer) is > 0 and var length)
                content.Write(buffer, 0, length);
            return Decode(content.GetBuffer().AsSpan(0, (int)content.Length), path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault(path, "is missing", Whereabouts, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, $"cannot be read: {exception.Message.TrimEnd('.')}", null, exception);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes, string path) => bytes switch
    {
        { Length: > SizeLimit } => throw Fault(path, $"is larger than {SizeLimit / 1024 / 1024} MB", MoveContent),
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => throw Fault(path, "is UTF-16", SaveAsUtf8),
        _ => Encoding.UTF8.GetString(bytes),
    };

    private static CraneException Fault(string path, string problem, string? advice, Exception? inner = null) =>
        new(CraneErrorId.BuildFailed, $"The Dockerfile {VisibleText.Quote(path)} {problem}.", advice, inner) { Target = path };
}
