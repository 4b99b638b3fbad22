namespace Crane.Adapters.Building.Dockerfiles.Words;

/// <summary>Reads a text character by character.</summary>
internal sealed class TextCursor(string text)
{
    /// <summary>What is read at the end.</summary>
    public const int End = -1;

    // Go's scanner skips a byte order mark before the first character.
    private int _next = text is ['\uFEFF', ..] ? 1 : 0;

    public int Peek() => _next < text.Length ? text[_next] : End;

    public int Next() => _next < text.Length ? text[_next++] : End;
}
