using System.Security.Cryptography;
using System.Text;
using Crane.Adapters.Machine;

namespace Crane.Adapters.Contexts;

/// <summary>The Dockerfile of a build, on disk and in its context.</summary>
/// <param name="Path">Its full path as named, beside which its own ignore file is.</param>
/// <param name="Source">The path with symbolic links resolved.</param>
/// <param name="Name">Its name in the context, with slashes, for the engine.</param>
/// <param name="IsOutside">Whether it is outside the context folder, and so is sent under a name that is unused there.</param>
internal sealed record DockerfileLocation(string Path, string Source, string Name, bool IsOutside)
{
    private const string DefaultName = "Dockerfile";
    private const int HashLength = 20;

    /// <summary>Finds the Dockerfile of a build.</summary>
    /// <param name="folder">The full path of the context.</param>
    /// <param name="file">Its path, relative to the context; null for <c>Dockerfile</c>, else <c>dockerfile</c>.</param>
    /// <exception cref="CraneException">BuildFailed where it or the folder does not exist, or is something else.</exception>
    public static DockerfileLocation Find(string folder, string? file)
    {
        if (!System.IO.Path.IsPathFullyQualified(folder))
            throw ContextErrors.NotAbsolute(folder);
        if (!Directory.Exists(folder))
            throw ContextErrors.NoFolder(folder);
        var path = System.IO.Path.GetFullPath(file ?? DefaultName, folder);
        if (file is null && !File.Exists(path) && System.IO.Path.Join(folder, "dockerfile") is var lower && File.Exists(lower))
            path = lower;
        if (Directory.Exists(path))
            throw ContextErrors.NotADockerfile(path);
        // For .NET, a link exists even if its target does not.
        if (RealPath.Of(path) is not { } source || !File.Exists(source))
            throw ContextErrors.NoDockerfile(path, folder);
        if (ContextErrors.Access(path, () => SpecialFile.Find(source)) is not null)
            throw ContextErrors.NotADockerfile(path);
        var name = System.IO.Path.GetRelativePath(RealPath.Of(folder) ?? folder, source);
        if (OperatingSystem.IsWindows())
            name = name.Replace('\\', '/');
        var isOutside = System.IO.Path.IsPathRooted(name) || name.StartsWith("../", StringComparison.Ordinal);
        return new DockerfileLocation(path, source, isOutside ? HiddenName(name, folder) : name, isOutside);
    }

    /// <summary>The location of a changed copy, which is sent beside the file.</summary>
    public DockerfileLocation Beside(string folder) => this with { Name = HiddenName(Name, folder), IsOutside = true };

    // docker uses a random name. This one is the same on every machine and in every build, so that caches work.
    private static string HiddenName(string relativePath, string folder)
    {
        var name = relativePath;
        do
        {
            var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            name = ".dockerfile." + hash[..HashLength].ToLowerInvariant();
        }
        while (System.IO.Path.Exists(System.IO.Path.Join(folder, name)));
        return name;
    }
}

/// <summary>Resolves every symbolic link in a path. .NET resolves only that of the last part.</summary>
internal static class RealPath
{
    // The limit of Linux; more is taken for a loop.
    private const int MaxLinks = 40;

    /// <summary>Resolves a full path. Parts that do not exist stay as they are; null for a loop of links.</summary>
    public static string? Of(string path)
    {
        var resolved = Path.GetPathRoot(path)!;
        var parts = new Stack<string>();
        Push(parts, path[resolved.Length..]);
        for (var links = 0; parts.TryPop(out var part);)
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            var next = Path.Combine(resolved, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
                return null;
            if (Path.IsPathRooted(target))
                resolved = Path.GetPathRoot(target)!;
            Push(parts, Path.IsPathRooted(target) ? target[resolved.Length..] : target);
        }

        return resolved;
    }

    private static void Push(Stack<string> parts, string path)
    {
        foreach (var part in Enumerable.Reverse(path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar])))
            if (part is not ("" or "."))
                parts.Push(part);
    }
}
