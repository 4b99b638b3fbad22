using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Crane.Commands;

/// <summary>Turns what a user names in PowerShell's terms (drives, wildcards, providers) into paths of files.</summary>
internal static class CraneFilePaths
{
    public static string CurrentFolder(PathIntrinsics session) => session.CurrentFileSystemLocation.ProviderPath;

    public static bool TryResolve(
        PathIntrinsics session,
        string[]? patterns,
        string[]? literals,
        out IReadOnlyList<string> paths,
        [NotNullWhen(false)] out CraneException? error)
    {
        List<string> found = [];
        paths = found;
        error = null;
        foreach (var pattern in patterns ?? [])
        {
            if (!TryExpand(session, pattern, found, out error))
                return false;
        }

        foreach (var literal in literals ?? [])
        {
            if (!TryConvert(session, literal, found, out error))
                return false;
        }

        return true;
    }

    private static bool TryExpand(
        PathIntrinsics session, string pattern, List<string> found, [NotNullWhen(false)] out CraneException? error)
    {
        try
        {
            var resolved = session.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            error = provider.Name != "FileSystem" ? NotAFile(pattern, provider)
                : resolved.Count == 0 ? NotFound(pattern, "matches nothing", null)
                : null;
            found.AddRange(resolved);
        }
        catch (Exception notFound) when (notFound is ItemNotFoundException or DriveNotFoundException or ProviderNotFoundException)
        {
            error = NotFound(pattern, "does not exist", notFound);
        }

        return error is null;
    }

    private static bool TryConvert(
        PathIntrinsics session, string literal, List<string> found, [NotNullWhen(false)] out CraneException? error)
    {
        try
        {
            var path = session.GetUnresolvedProviderPathFromPSPath(literal, out var provider, out _);
            error = provider.Name == "FileSystem" ? null : NotAFile(literal, provider);
            found.Add(path);
        }
        catch (Exception notFound) when (notFound is DriveNotFoundException or ProviderNotFoundException)
        {
            error = NotFound(literal, "does not exist", notFound);
        }

        return error is null;
    }

    private static CraneException NotFound(string path, string what, Exception? inner) => new(
        CraneErrorId.CraneFileNotFound,
        $"The crane file '{path}' {what}.",
        "Give the path of a crane file, or of a folder that holds crane.yaml, crane.yml or crane.json.",
        inner)
    {
        Target = path,
    };

    private static CraneException NotAFile(string path, ProviderInfo provider) => new(
        CraneErrorId.CraneFileNotFound,
        $"'{path}' is a path of the provider {provider.Name}, and a crane file is a file.",
        "Give a path of the file system.")
    {
        Target = path,
    };
}
