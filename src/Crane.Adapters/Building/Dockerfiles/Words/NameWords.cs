using System.Text;

namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>The words of ARG, ENV and LABEL: split at spaces outside of quotes, with their quotes and escapes kept.</summary>
internal static class NameWords
{
    public static IReadOnlyList<string> Split(string text, char escape)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                EndWord();
                continue;
            }

            if (character == escape && quote != '\'')
            {
                // At the end of the text it escapes nothing and is dropped.
                if (++index < text.Length)
                    word.Append(character).Append(text[index]);
                continue;
            }

            if (quote == '\0' && character is '\'' or '"')
                quote = character;
            else if (character == quote)
                quote = '\0';
            word.Append(character);
        }

        EndWord();
        return words;

        void EndWord()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }
}
