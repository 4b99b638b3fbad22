namespace Crane.CraneFile.Variables;

/// <summary>
/// Expands variables in strings, as the Compose specification defines them
/// (https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md) and compose-go reads them, but strict: a variable that is
/// not set and has no default is an error.
/// </summary>
internal static class Interpolation
{
    // Deeper than anyone writes, and far from a stack overflow.
    private const int DepthLimit = 64;

    // Longer than any name, path or argument; finding closing braces is quadratic at worst.
    private const int LengthLimit = 32 * 1024;

    /// <summary>Expands all variables once; a default, message or value that is not needed is not evaluated.</summary>
    /// <param name="error">The first error; null for none.</param>
    public static string Expand(string template, IVariables variables, out InterpolationError? error) =>
        Read(template, variables, out error).Text;

    /// <inheritdoc cref="Expand(string, IVariables, out InterpolationError?)"/>
    public static ExpandedText Read(string template, IVariables variables, out InterpolationError? error)
    {
        error = null;
        if (!template.Contains('$', StringComparison.Ordinal))
            return ExpandedText.Literal(template);
        if (template.Length > LengthLimit)
        {
            error = new InterpolationError.Invalid(
                string.Concat(template.AsSpan(0, 40), "…"), $"which is longer than {LengthLimit} characters");
            return ExpandedText.Literal("");
        }

        var output = new ExpandedTextBuilder();
        error = Expand(template, variables, output, depth: 0);
        return error is null ? output.Build() : ExpandedText.Literal("");
    }

    /// <summary>The variables in a string, including those in defaults.</summary>
    public static IEnumerable<string> NamesIn(string template)
    {
        for (var dollar = template.IndexOf('$'); dollar >= 0; dollar = template.IndexOf('$', dollar))
        {
            dollar++;
            if (dollar == template.Length)
                yield break;
            var isEscaped = template[dollar] is '$';
            if (template[dollar] is '$' or '{')
                dollar++;
            if (!isEscaped && NameLength(template.AsSpan(dollar)) is > 0 and var length)
                yield return template.Substring(dollar, length);
        }
    }

    private static InterpolationError? Expand(ReadOnlySpan<char> template, IVariables variables, ExpandedTextBuilder output, int depth)
    {
        while (template.Length > 0)
        {
            var dollar = template.IndexOf('$');
            if (dollar < 0 || dollar == template.Length - 1)
                break;
            output.Append(template[..dollar]);
            template = template[dollar..];

            var nameLength = NameLength(template[1..]);
            int used;
            InterpolationError? error = null;
            if (template[1] is '$')
            {
                output.Append("$");
                used = 2;
            }
            else if (nameLength > 0)
            {
                error = Append(template.Slice(1, nameLength).ToString(), variables, output);
                used = 1 + nameLength;
            }
            else if (template[1] is '{')
            {
                error = ExpandBraces(template, variables, output, depth, out used);
            }
            else
            {
                output.Append("$");
                used = 1;
            }

            if (error is not null)
                return error;
            template = template[used..];
        }

        output.Append(template);
        return null;
    }

    private static InterpolationError? ExpandBraces(
        ReadOnlySpan<char> template, IVariables variables, ExpandedTextBuilder output, int depth, out int used)
    {
        used = Braces.Length(template);
        if (used < 0)
            return new InterpolationError.Invalid(template.ToString(), "which has no closing brace");
        var braces = template[..used];
        if (depth == DepthLimit)
            return new InterpolationError.Invalid(braces.ToString(), $"which is nested more than {DepthLimit} levels deep");

        var inside = braces[2..^1];
        var nameLength = NameLength(inside);
        if (nameLength == 0)
            return new InterpolationError.Invalid(braces.ToString(), "which does not begin with the name of a variable");
        var name = inside[..nameLength].ToString();
        var rest = inside[nameLength..];
        if (rest.IsEmpty)
            return Append(name, variables, output);

        var emptyCountsAsUnset = rest[0] is ':';
        var operation = emptyCountsAsUnset ? rest[1..] : rest;
        if (operation.IsEmpty || operation[0] is not ('-' or '?' or '+'))
            return new InterpolationError.Invalid(braces.ToString(), $"which has no '-', '?' or '+' after '{name}'");
        var word = operation[1..];
        if (word.Contains('\n'))
            return new InterpolationError.Invalid(braces.ToString(), "which has a line break");

        var value = variables.Get(name);
        var isGiven = emptyCountsAsUnset ? !string.IsNullOrEmpty(value) : value is not null;
        switch (operation[0])
        {
            case '+':
                return isGiven ? Expand(word, variables, output, depth + 1) : null;
            case '-' when !isGiven:
                return Expand(word, variables, output, depth + 1);
            case '?' when !isGiven:
                var message = new ExpandedTextBuilder();
                return Expand(word, new Forgiving(variables), message, depth + 1)
                    ?? new InterpolationError.Required(name, message.Build().Text, variables.Files);
            default:
                // ${NAME-} allows an empty value.
                output.AppendValue(name, value!, mayBeEmpty: operation is ['-']);
                return null;
        }
    }

    private static InterpolationError.Undefined? Append(string name, IVariables variables, ExpandedTextBuilder output)
    {
        if (variables.Get(name) is not { } value)
            return new InterpolationError.Undefined(name, variables.Files);
        output.AppendValue(name, value, mayBeEmpty: false);
        return null;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length
            && (text[length] is '_' || char.IsAsciiLetter(text[length]) || (length > 0 && char.IsAsciiDigit(text[length]))))
            length++;
        return length;
    }

    // A message about a missing variable must not fail because of another one.
    private sealed class Forgiving(IVariables variables) : IVariables
    {
        public string Get(string name) => variables.Get(name) ?? "";
    }
}

/// <summary>Finds the end of a <c>${…}</c>.</summary>
internal static class Braces
{
    /// <summary>
    /// The length of the <c>${…}</c> at the start of a string; -1 without a closing brace. As in compose-go, braces inside are matched in
    /// pairs, so that <c>${A:-{"a":{}}}</c> and <c>${A:-$${}}</c> are one expression. If that finds no end, as in <c>${A:-{}</c>, only the
    /// braces of variables count.
    /// </summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var length = Length(text, variablesOnly: false);
        return length > 0 ? length : Length(text, variablesOnly: true);
    }

    private static int Length(ReadOnlySpan<char> text, bool variablesOnly)
    {
        var open = 0;
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] is '{' && (!variablesOnly || text[index - 1] is '$'))
                open++;
            else if (text[index] is '}' && --open == 0)
                return index + 1;
        }

        return -1;
    }
}
