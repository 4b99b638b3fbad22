using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>Reads one <c>$NAME</c> or <c>${NAME…}</c> at a cursor.</summary>
/// <param name="cursor">Is at the dollar.</param>
/// <param name="rules">How words are read.</param>
/// <param name="variables">Returns the value of a variable; null where it is not set.</param>
/// <param name="budget">Limits the expansion.</param>
/// <param name="readUntil">Reads and expands the word in braces up to a character; with true, keeps escape characters.</param>
internal sealed class VariableReader(
    TextCursor cursor, WordRules rules, Func<string, string?> variables, ExpansionBudget budget,
    Func<char, bool, string> readUntil)
{
    public string Read()
    {
        cursor.Next();
        var value = cursor.Peek() == '{' ? ReadBraces() : ReadPlain();
        budget.Spend(value.Length);
        return value;
    }

    private string ReadPlain()
    {
        var name = ReadName();
        return name.Length == 0 ? "$" : variables(name) ?? (rules.KeepUnset ? $"${name}" : "");
    }

    private string ReadBraces()
    {
        cursor.Next();
        if (cursor.Peek() is '{' or '}' or ':' or TextCursor.End)
            throw new DockerfileError("missing name after '${'");
        var name = ReadName();
        return cursor.Next() switch
        {
            '}' => variables(name) ?? (rules.KeepUnset ? $"${{{name}}}" : ""),
            ':' => ReadOperator(name, ":", cursor.Next()),
            '/' => ReadReplacement(name),
            var sign and ('+' or '-' or '?' or '#' or '%') => ReadOperator(name, "", sign),
            var other => throw Unknown(other),
        };
    }

    // ${NAME:-word}: with the colon, an empty value counts as unset.
    private string ReadOperator(string name, string colon, int sign)
    {
        var isPattern = sign is '#' or '%';
        if (isPattern && colon.Length > 0)
            throw Unknown(':');
        var word = readUntil('}', isPattern);
        var value = variables(name);
        if (value is null && rules.KeepUnset)
            return $"${{{name}{colon}{(char)sign}{word}}}";
        var present = colon.Length > 0 && value is "" ? null : value;
        return sign switch
        {
            '-' => present ?? word,
            '+' => present is null ? "" : word,
            '?' => present ?? throw Missing(name, value, word),
            '#' or '%' => Trim(value ?? "", (char)sign, word),
            _ => throw Unknown(sign),
        };
    }

    private static DockerfileError Missing(string name, string? value, string message)
    {
        var problem = $"the variable {VisibleText.Quote(name)} is {(value is null ? "not set" : "empty")}";
        return new(
            message.Length > 0 ? $"{problem}: {VisibleText.Quote(message)}" : problem,
            "Set it with a build argument, or a default with ARG before the first FROM.");
    }

    // One sign removes the shortest match, two remove the longest.
    private string Trim(string value, char sign, string word)
    {
        var longest = word.Length > 0 && word[0] == sign;
        var pattern = new ShellPattern(longest ? word[1..] : word, budget);
        return sign == '#' ? pattern.TrimStart(value, longest) : pattern.TrimEnd(value, longest);
    }

    // ${NAME/pattern/text}, and ${NAME//pattern/text} for every match.
    private string ReadReplacement(string name)
    {
        var all = cursor.Peek() == '/';
        if (all)
            cursor.Next();
        var pattern = readUntil('/', true);
        var replacement = readUntil('}', true);
        var value = variables(name);
        return value is null && rules.KeepUnset
            ? $"${{{name}/{pattern}/{replacement}}}"
            : new ShellPattern(pattern, budget).Replace(value ?? "", replacement, all);
    }

    // Letters, digits and `_`; or only digits, or one of the shell's special names, which are never set.
    private string ReadName()
    {
        var name = new StringBuilder();
        if (cursor.Peek() is '@' or '*' or '#' or '?' or '-' or '$' or '!')
            return ((char)cursor.Next()).ToString();
        var digitsOnly = IsDigit(cursor.Peek());
        while (IsDigit(cursor.Peek()) || (!digitsOnly && IsLetter(cursor.Peek())))
            name.Append((char)cursor.Next());
        return name.ToString();
    }

    private static bool IsDigit(int character) => character != TextCursor.End && char.IsDigit((char)character);

    private static bool IsLetter(int character) => character == '_' || (character != TextCursor.End && char.IsLetter((char)character));

    private static DockerfileError Unknown(int sign) => new(
        sign == TextCursor.End ? "missing '}'" : $"{VisibleText.Quote(((char)sign).ToString())} is not supported in '${{…}}'",
        "Supported are ${A:-default}, ${A:+value}, ${A:?message}, these without the colon, ${A#pattern}, ${A%pattern} "
        + "and ${A/pattern/text}.");
}

/// <summary>
/// Limits the expansion of variables in one Dockerfile: forty lines of <c>ARG B=$A$A</c> would otherwise expand to a terabyte.
/// </summary>
internal sealed class ExpansionBudget
{
    private const int Limit = 8 * 1024 * 1024;

    private int _left = Limit;

    /// <summary>Subtracts written or compared characters from the rest.</summary>
    /// <exception cref="DockerfileError">The limit is exceeded.</exception>
    public void Spend(long characters)
    {
        if (characters > _left)
        {
            throw new DockerfileError(
                "the variables of the Dockerfile expand to too many characters",
                "Look for arguments that multiply each other.");
        }

        _left -= (int)characters;
    }
}
