using System.Text;

namespace Crane.CraneFile.Variables;

/// <summary>A string with its variables expanded, and the variables in it.</summary>
/// <param name="Variables">The variables whose values are in it.</param>
/// <param name="Empty">The first empty variable whose form does not allow that; null for none.</param>
internal readonly record struct ExpandedText(string Text, IReadOnlyList<string> Variables, string? Empty)
{
    /// <summary>A string without variables.</summary>
    public static ExpandedText Literal(string text) => new(text, [], null);
}

/// <summary>Puts an expanded string together.</summary>
internal sealed class ExpandedTextBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _variables = [];
    private string? _empty;

    public ExpandedText Build() => new(_text.ToString(), _variables, _empty);

    public void Append(ReadOnlySpan<char> literal) => _text.Append(literal);

    public void AppendValue(string variable, string value, bool mayBeEmpty)
    {
        _text.Append(value);
        _variables.Add(variable);
        if (value.Length == 0 && !mayBeEmpty)
            _empty ??= variable;
    }
}

/// <summary>The values of variables.</summary>
internal interface IVariables
{
    /// <summary>The files in which a variable is looked for that is set nowhere else, whether they exist or not.</summary>
    IReadOnlyList<string> Files => [];

    /// <summary>The value of a variable; null if it is not set.</summary>
    string? Get(string name);

    /// <summary>Whether it is said what a variable is: it has a value, or shall have none whatever else has one for it.</summary>
    bool IsSaid(string name) => Get(name) is not null;

    /// <summary>The value of a variable that only a file sets; null for others.</summary>
    string? OfFile(string name) => null;

    /// <summary>Expands a string, as <see cref="Interpolation.Read"/> does.</summary>
    ExpandedText Expand(string template, out InterpolationError? error) => Interpolation.Read(template, this, out error);
}

/// <summary>
/// Variables whose values stay as they are. In a large stack most strings with variables are there many times; each is expanded once.
/// </summary>
internal sealed class StableVariables(IVariables variables) : IVariables
{
    private readonly Dictionary<string, (ExpandedText Text, InterpolationError? Error)> _expanded = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Files => variables.Files;

    public string? Get(string name) => variables.Get(name);

    public bool IsSaid(string name) => variables.IsSaid(name);

    public string? OfFile(string name) => variables.OfFile(name);

    public ExpandedText Expand(string template, out InterpolationError? error)
    {
        if (!template.Contains('$', StringComparison.Ordinal))
            return variables.Expand(template, out error);
        if (!_expanded.TryGetValue(template, out var known))
        {
            var text = variables.Expand(template, out error);
            _expanded[template] = known = (text, error);
        }

        error = known.Error;
        return known.Text;
    }
}
