namespace Crane.Adapters.Machine;

/// <summary>Tells whether a file has changed, without reading it.</summary>
internal static class LastWrite
{
    /// <summary>Path, length and time of the last write of a file, or of what a link leads to; the path alone where there is none.</summary>
    public static string Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            file = file.LinkTarget is null ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            return file.Exists ? $"{path}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}" : path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }
}
