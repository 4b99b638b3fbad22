using System.Management.Automation;

namespace Crane.Commands;

/// <summary>Layout folders are given as PowerShell paths: relative to the current location, with drives and a tilde.</summary>
internal static class LayoutPath
{
    private const string Scheme = "oci:";

    /// <summary>The engine that is meant, the folder of <c>oci:FOLDER</c> as a full path; others stay as they are.</summary>
    /// <param name="command">Whose location counts.</param>
    /// <param name="engine">What was given; null for <c>CRANE_ENGINE</c>, where that is set.</param>
    public static string? Resolve(PSCmdlet command, string? engine)
    {
        var chosen = engine ?? Environment.GetEnvironmentVariable("CRANE_ENGINE");
        return chosen is not null && chosen.StartsWith(Scheme, StringComparison.Ordinal) && IsFolder(chosen[Scheme.Length..])
            ? Scheme + command.SessionState.Path.GetUnresolvedProviderPathFromPSPath(chosen[Scheme.Length..])
            : engine;
    }

    private static bool IsFolder(string path) => !string.IsNullOrWhiteSpace(path) && !path.StartsWith("//", StringComparison.Ordinal);
}
