namespace Crane.Adapters.Tests;

/// <summary>A folder of a test's own, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crane-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file, with the folders above it; gives its path.</summary>
    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Writes a shell script with the given permissions.</summary>
    public string WriteProgram(string name, string script, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var path = Write(name, $"#!/bin/sh\n{script}\n");
        if (OperatingSystem.IsWindows())
            Assert.Skip("The test's program is a shell script.");
        else
            File.SetUnixFileMode(path, mode);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
