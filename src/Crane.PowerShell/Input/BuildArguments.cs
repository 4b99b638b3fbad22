namespace Crane.Commands;

/// <summary>Reads what is given to -BuildArgument.</summary>
internal static class BuildArguments
{
    /// <summary>Arguments as docker has them: <c>NAME=value</c>, or <c>NAME</c>.</summary>
    /// <exception cref="CraneException">InvalidValue for what is neither, nor a hashtable of names and values.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<object> given) => [.. given.SelectMany(item => PlainValues.Of(item) switch
    {
        string text => [Named(text, text.Split('=')[0])],
        PlainMap map => map.Entries.Select(entry => Named($"{entry.Key}={Value(entry.Key, entry.Value)}", entry.Key)),
        var other => throw Invalid($"has {PlainMap.KindOf(other)}"),
    })];

    private static string Value(string name, object? value) => value as string ?? throw Invalid(value is null
        ? $"has no value for {name}; '{name}' as a string means that of the environment"
        : $"has {PlainMap.KindOf(value)} for {name}");

    private static string Named(string argument, string name) => IsName(name) ? argument : throw Invalid($"has '{argument}'");

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.Any(letter => letter is '=' || char.IsWhiteSpace(letter));

    private static CraneException Invalid(string problem) => new(
        CraneErrorId.InvalidValue, $"-BuildArgument {problem}.", "Write @{ NAME = 'value' }, 'NAME=value' or 'NAME'.");
}
