using System.Text;

namespace Crane.CraneFile.Variables;

/// <summary>A string with its variables expanded, and the variables in it.</summary>
internal sealed class ExpandedText
{
    private readonly StringBuilder _text = new();
    private List<string>? _variables;

    public string Text => _text.ToString();

    /// <summary>The variables whose values are in it.</summary>
    public IReadOnlyList<string> Variables => _variables ?? [];

    /// <summary>The first empty variable whose form does not allow that; null for none.</summary>
    public string? Empty { get; private set; }

    public void Append(ReadOnlySpan<char> literal) => _text.Append(literal);

    public void AppendValue(string variable, string value, bool mayBeEmpty)
    {
        _text.Append(value);
        (_variables ??= []).Add(variable);
        if (value.Length == 0 && !mayBeEmpty)
            Empty ??= variable;
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
}
