using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Crane.CraneFile;
using Crane.CraneFile.Variables;
using DriveNotFoundException = System.Management.Automation.DriveNotFoundException;

namespace Crane.Input;

/// <summary>Converts PowerShell paths, with drives, providers and a tilde, to paths of the file system.</summary>
internal static class FileSystemPath
{
    private const string LayoutScheme = "oci:";
    private const string NoDrive = "is on a drive that does not exist";
    private const string ListDrives = "Get-PSDrive lists the drives.";

    /// <summary>Returns the full path for a parameter; it need not exist.</summary>
    /// <exception cref="CraneException">InvalidValue for a path that is not of the file system.</exception>
    public static string Of(PathIntrinsics session, string path, string parameter) => Convert(session, path, (problem, cause) =>
        new CraneException(
            CraneErrorId.InvalidValue, $"{parameter} '{path}' {problem}.", $"Give a path of the file system. {ListDrives}", cause)
            .About(path));

    /// <summary>Returns the engine; in <c>oci:FOLDER</c>, also from <c>CRANE_ENGINE</c>, the folder becomes a full path.</summary>
    /// <exception cref="CraneException">As for <see cref="Of"/>.</exception>
    public static string? OfEngine(PathIntrinsics session, string? engine)
    {
        var value = engine ?? Environment.GetEnvironmentVariable("CRANE_ENGINE");
        // Several engines in the variable are not for a cmdlet with one.
        if (!IsLayout(value) || (engine is null && value.Contains(';')))
            return engine;
        var folder = value[LayoutScheme.Length..];
        return string.IsNullOrWhiteSpace(folder) || folder.StartsWith("//", StringComparison.Ordinal)
            ? engine
            : LayoutScheme + Of(session, folder, engine is null ? "The layout folder of CRANE_ENGINE" : "The layout folder of -Engine");
    }

    /// <summary>Whether an engine of <see cref="OfEngine"/> is a folder.</summary>
    public static bool IsLayout([NotNullWhen(true)] string? engine) => engine?.StartsWith(LayoutScheme, StringComparison.Ordinal) == true;

    /// <summary>Returns the query for the crane files of -Path and -LiteralPath, and for the files of -EnvFile.</summary>
    /// <exception cref="CraneException">CraneFileNotFound; InvalidValue for -EnvFile as for <see cref="Of"/>.</exception>
    public static CraneFileQuery Query(
        PathIntrinsics session, string[]? patterns, string[]? literals, string[]? envFiles, IVariables variables) => new(
        [
            .. (patterns ?? []).SelectMany(pattern => Expand(session, pattern)),
            .. (literals ?? []).Select(literal => Convert(
                session, literal, (problem, cause) => NotFound(literal, problem, cause, ListDrives))),
        ],
        session.CurrentFileSystemLocation.ProviderPath,
        variables,
        envFiles?.Select(file => Of(session, file, "-EnvFile")).ToList());

    private static Collection<string> Expand(PathIntrinsics session, string pattern)
    {
        try
        {
            var resolved = session.GetResolvedProviderPathFromPSPath(pattern, out var provider);
            return !IsFileSystem(provider) ? throw NotFound(pattern, OtherProvider(provider), null)
                : resolved.Count == 0 ? throw NotFound(pattern, "matches nothing", null)
                : resolved;
        }
        catch (ItemNotFoundException cause)
        {
            throw NotFound(pattern, "does not exist", cause);
        }
        catch (Exception cause) when (cause is DriveNotFoundException or ProviderNotFoundException)
        {
            throw NotFound(pattern, NoDrive, cause, ListDrives);
        }
        catch (WildcardPatternException cause)
        {
            throw NotFound(pattern, "is not a valid wildcard pattern", cause);
        }
    }

    private static string Convert(PathIntrinsics session, string path, Func<string, Exception?, CraneException> error)
    {
        // .NET refuses it wherever a path is used.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw error("has a character that no path can have", null);
        try
        {
            var converted = session.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            return IsFileSystem(provider) ? converted : throw error(OtherProvider(provider), null);
        }
        catch (Exception cause) when (cause is DriveNotFoundException or ProviderNotFoundException)
        {
            throw error(NoDrive, cause);
        }
    }

    private static bool IsFileSystem(ProviderInfo provider) => provider.Name == "FileSystem";

    private static string OtherProvider(ProviderInfo provider) => $"is a path of the provider {provider.Name}, not of the file system";

    private static CraneException NotFound(string path, string problem, Exception? cause, string hint = "") => new CraneException(
        CraneErrorId.CraneFileNotFound,
        $"The crane file '{path}' {problem}.",
        $"Give the path of a crane file, or of a folder that holds crane.yaml, crane.yml, crane.json or a Compose file. {hint}".TrimEnd(),
        cause).About(path);
}
