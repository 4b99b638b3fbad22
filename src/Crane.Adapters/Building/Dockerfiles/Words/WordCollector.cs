using System.Text;

namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>Splits what is read into words.</summary>
/// <param name="word">
/// The word being read. As in BuildKit, what stands inside <c>${…}</c> shares it with the word around, which so begins anew
/// there.
/// </param>
internal sealed class WordCollector(StringBuilder word)
{
    private readonly List<string> _words = [];

    /// <summary>Adds what is quoted or escaped: spaces do not end the word.</summary>
    public void AddLiteral(string text) => word.Append(text);

    /// <summary>Adds what may hold spaces between words.</summary>
    public void Add(string text)
    {
        foreach (var character in text)
            Add(character);
    }

    public void Add(char character)
    {
        if (!char.IsWhiteSpace(character))
            word.Append(character);
        else
            EndWord();
    }

    public IReadOnlyList<string> End()
    {
        EndWord();
        return _words;
    }

    private void EndWord()
    {
        if (word.Length > 0)
            _words.Add(word.ToString());
        word.Clear();
    }
}
