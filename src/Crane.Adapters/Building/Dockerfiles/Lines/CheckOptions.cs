namespace Crane.Adapters.Building.Dockerfiles.Lines;

/// <summary>The value of the directive <c># check=skip=RULE,…;experimental=RULE,…;error=true</c>.</summary>
internal static class CheckOptions
{
    /// <exception cref="DockerfileFault">An option that BuildKit does not know.</exception>
    public static void Check(string value)
    {
        const int options = 3;
        // BuildKit reads up to the first space.
        var text = value.Split(' ', 2)[0].Trim();
        foreach (var option in text.Length == 0 ? [] : text.Split(';', options))
        {
            var parts = option.Split('=', 2);
            var known = parts is [var name, var written] && (name.Trim(), written.Trim()) is ("skip" or "experimental", _)
                or ("error", "1" or "t" or "T" or "true" or "TRUE" or "True" or "0" or "f" or "F" or "false" or "FALSE" or "False");
            if (!known)
                throw new DockerfileFault($"the directive 'check' has no option '{option}'", "It has skip=RULE,…, experimental=RULE,… and error=true.");
        }
    }
}
