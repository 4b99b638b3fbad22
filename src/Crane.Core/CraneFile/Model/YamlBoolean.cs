namespace Crane.CraneFile.Model;

/// <summary>The booleans that files of all YAML versions have.</summary>
internal static class YamlBoolean
{
    /// <summary>
    /// Reads <c>true</c>, <c>yes</c>, <c>on</c> and their opposites, each also capitalized or in upper case, as YAML 1.1
    /// has them (https://yaml.org/type/bool.html); its one-letter forms are not taken.
    /// </summary>
    public static bool TryParse(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON";
        return value || text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF";
    }
}
