using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Lines;

/// <summary>The value of the directive <c># check=skip=RULE,…;experimental=RULE,…;error=true</c>.</summary>
internal static class CheckOptions
{
    // What Go takes for one.
    private static readonly string[] _booleans =
        ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"];

    /// <exception cref="DockerfileFault">An option that BuildKit does not know.</exception>
    public static void Check(string value)
    {
        const int options = 3;
        // BuildKit reads up to the first space.
        var text = value.Split(' ', 2)[0].Trim();
        foreach (var option in text.Length == 0 ? [] : text.Split(';', options))
        {
            var parts = option.Split('=', 2);
            var known = parts is [var name, var written]
                && (name.Trim() is "skip" or "experimental" || (name.Trim() == "error" && _booleans.Contains(written.Trim())));
            if (!known)
            {
                throw new DockerfileFault(
                    $"the directive 'check' has no option {VisibleText.Quote(option)}",
                    "It has skip=RULE,…, experimental=RULE,… and error=true.");
            }
        }
    }
}
