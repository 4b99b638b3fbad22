namespace Crane.Input;

/// <summary>Reads wildcard patterns.</summary>
internal static class Wildcards
{
    /// <exception cref="CraneException">InvalidValue for an invalid pattern, with the value as its subject.</exception>
    public static WildcardPattern Of(string value, string parameter, WildcardOptions options = WildcardOptions.None)
    {
        try
        {
            var pattern = new WildcardPattern(value, options);
            // An invalid pattern is found when it is used.
            pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException cause)
        {
            throw new CraneException(
                CraneErrorId.InvalidValue, $"{parameter} '{value}' is not a valid wildcard pattern.", "Close the bracket.", cause)
                .About(value);
        }
    }
}
