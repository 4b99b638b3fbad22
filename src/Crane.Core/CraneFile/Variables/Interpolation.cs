namespace Crane.CraneFile.Variables;

/// <summary>
/// Variables in texts, as the Compose specification defines them
/// (https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md) and compose-go reads them, but strict:
/// a variable that is not set and has no default is a fault, not an empty text.
/// </summary>
internal static class Interpolation
{
    // Deeper than anyone writes, and far from the end of the stack.
    private const int DepthLimit = 64;

    // No name, path or argument comes near; looking for closing braces is quadratic at worst.
    private const int LengthLimit = 32 * 1024;

    /// <summary>
    /// Expands every variable. Values are not expanded again; a word (<c>default</c>, <c>message</c>, <c>value</c>) that is
    /// not needed is not evaluated.
    /// </summary>
    /// <param name="template">The text of the file.</param>
    /// <param name="variables">Where values come from.</param>
    /// <param name="fault">The first thing that is wrong; null where nothing is.</param>
    /// <returns>The expanded text; empty where there is a fault.</returns>
    public static string Expand(string template, IVariables variables, out InterpolationError? fault) =>
        Read(template, variables, out fault).Text;

    /// <inheritdoc cref="Expand(string, IVariables, out InterpolationError?)"/>
    /// <returns>The expanded text, and which variables made it what it is.</returns>
    public static ExpandedText Read(string template, IVariables variables, out InterpolationError? fault)
    {
        fault = null;
        var output = new ExpandedText();
        if (!template.Contains('$', StringComparison.Ordinal))
        {
            output.Append(template);
            return output;
        }
        if (template.Length > LengthLimit)
        {
            fault = new InterpolationError.Invalid(
                string.Concat(template.AsSpan(0, 40), "…"), $"which is longer than {LengthLimit} characters");
            return output;
        }

        fault = Expand(template, variables, output, depth: 0);
        return fault is null ? output : new ExpandedText();
    }

    /// <summary>The variables that a text names, those in words included.</summary>
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

    private static InterpolationError? Expand(ReadOnlySpan<char> template, IVariables variables, ExpandedText output, int depth)
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
            InterpolationError? fault = null;
            if (template[1] is '$')
            {
                output.Append("$");
                used = 2;
            }
            else if (nameLength > 0)
            {
                fault = Append(template.Slice(1, nameLength).ToString(), variables, output);
                used = 1 + nameLength;
            }
            else if (template[1] is '{')
            {
                fault = ExpandBraces(template, variables, output, depth, out used);
            }
            else
            {
                output.Append("$");
                used = 1;
            }

            if (fault is not null)
                return fault;
            template = template[used..];
        }

        output.Append(template);
        return null;
    }

    private static InterpolationError? ExpandBraces(
        ReadOnlySpan<char> template, IVariables variables, ExpandedText output, int depth, out int used)
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
            return new InterpolationError.Invalid(braces.ToString(), $"which has no '-', '?' or '+' behind '{name}'");
        var word = operation[1..];
        if (word.Contains('\n'))
            return new InterpolationError.Invalid(braces.ToString(), "which has a line break in it");

        var value = variables.Get(name);
        var isGiven = emptyCountsAsUnset ? !string.IsNullOrEmpty(value) : value is not null;
        switch (operation[0])
        {
            case '+':
                return isGiven ? Expand(word, variables, output, depth + 1) : null;
            case '-' when !isGiven:
                return Expand(word, variables, output, depth + 1);
            case '?' when !isGiven:
                var message = new ExpandedText();
                return Expand(word, new Forgiving(variables), message, depth + 1)
                    ?? new InterpolationError.Required(name, message.Text);
            default:
                // ${NAME-} says that nothing is a good value, however it comes about.
                output.AppendValue(name, value!, mayBeEmpty: operation is ['-']);
                return null;
        }
    }

    private static InterpolationError.Undefined? Append(string name, IVariables variables, ExpandedText output)
    {
        if (variables.Get(name) is not { } value)
            return new InterpolationError.Undefined(name);
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

    // A message about a missing variable shall not itself fail for another one that is missing.
    private sealed class Forgiving(IVariables variables) : IVariables
    {
        public string Get(string name) => variables.Get(name) ?? "";
    }
}
