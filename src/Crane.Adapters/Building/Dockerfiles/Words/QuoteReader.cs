using System.Text;

namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>Reads what stands in quotes at a cursor.</summary>
/// <param name="cursor">Stands at the first quote.</param>
/// <param name="rules">How words are taken apart.</param>
/// <param name="variables">Reads a variable at the cursor.</param>
internal sealed class QuoteReader(TextCursor cursor, WordRules rules, VariableReader variables)
{
    /// <exception cref="DockerfileFault">No second quote.</exception>
    public string ReadSingle()
    {
        var text = new StringBuilder();
        var quote = (char)cursor.Next();
        for (var character = cursor.Next(); character != quote; character = cursor.Next())
        {
            if (character == TextCursor.End)
                throw new DockerfileFault("a single quote is missing");
            text.Append((char)character);
        }

        return Quoted(text, quote);
    }

    /// <exception cref="DockerfileFault">No second quote, or a faulty variable.</exception>
    public string ReadDouble(bool keepEscapes)
    {
        var text = new StringBuilder();
        var quote = (char)cursor.Next();
        while (cursor.Peek() is var character && character != quote)
        {
            if (character == TextCursor.End)
                throw new DockerfileFault("a double quote is missing");
            if (character == '$')
                text.Append(variables.Read());
            else if (character == rules.Escape)
                ReadEscape(text, keepEscapes);
            else
                text.Append((char)cursor.Next());
        }

        cursor.Next();
        return Quoted(text, quote);
    }

    // Only these characters are escaped; before others the escape character stands for itself, and at the end for nothing.
    private void ReadEscape(StringBuilder text, bool keepEscapes)
    {
        cursor.Next();
        if (keepEscapes)
            text.Append(rules.Escape);
        var escaped = cursor.Peek();
        if (escaped == '"' || escaped == '$' || escaped == rules.Escape)
            text.Append((char)cursor.Next());
        else if (escaped != TextCursor.End)
            text.Append(rules.Escape);
    }

    private string Quoted(StringBuilder text, char quote) => rules.KeepQuotes ? $"{quote}{text}{quote}" : text.ToString();
}
