namespace Crane;

/// <summary>
/// Directives as one line of text, <c>registry=r.co; override_user=me</c>. A container that went through CSV, or
/// through a remote session of small depth, carries its sections in this form and is read back from it.
/// None of the values may contain a semicolon by the grammar of image names.
/// </summary>
internal static class DirectiveText
{
    public static string Write(params ReadOnlySpan<(string Key, string? Value)> directives)
    {
        var written = new List<string>();
        foreach (var (key, value) in directives)
            if (!string.IsNullOrEmpty(value))
                written.Add($"{key}={value}");
        return string.Join("; ", written);
    }

    public static IReadOnlyDictionary<string, string> Read(string text)
    {
        var directives = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                directives[part[..equals]] = part[(equals + 1)..];
        }

        return directives;
    }
}
