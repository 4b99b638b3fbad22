namespace Crane.Adapters.Registry.Http;

/// <summary>One way to log in that a registry offers: a challenge of <c>WWW-Authenticate</c>.</summary>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? Realm => Parameters.GetValueOrDefault("realm");

    public string? Service => Parameters.GetValueOrDefault("service");

    public ScopeSet Scopes => ScopeSet.Parse(Parameters.GetValueOrDefault("scope"));

    public bool IsBearer => Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    public bool IsBasic => Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Reads <c>WWW-Authenticate</c> after RFC 9110, section 11.6.1: several challenges in one header or in several, with commas
/// between challenges and between their parameters alike. One scan from left to right.
/// </summary>
internal ref struct ChallengeReader
{
    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private ChallengeReader(ReadOnlySpan<char> text) => _text = text;

    private readonly bool IsAtEnd => _at == _text.Length;

    /// <summary>All challenges of all headers. An error ends its header.</summary>
    public static IReadOnlyList<Challenge> Read(IEnumerable<string> headers)
    {
        var challenges = new List<Challenge>();
        foreach (var header in headers)
            new ChallengeReader(header).ReadAll(challenges);
        return challenges;
    }

    private void ReadAll(List<Challenge> challenges)
    {
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            SkipSeparators();
            var word = ReadUntil(" \t,\"=");
            if (word.IsEmpty)
                return;

            var afterWord = _at;
            SkipSpaces();
            if (TryTake('='))
            {
                if (parameters is null || !TryReadValue(out var value))
                    return;
                parameters.TryAdd(word.ToString(), value);
            }
            else
            {
                _at = afterWord;
                parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                challenges.Add(new Challenge(word.ToString(), parameters));
            }
        }
    }

    private bool TryReadValue(out string value)
    {
        SkipSpaces();
        if (TryTake('"'))
            return TryReadQuoted(out value);
        // Some registries omit the quotes of a realm: its value ends at a space or comma.
        value = ReadUntil(" \t,").ToString();
        return value.Length > 0;
    }

    private bool TryReadQuoted(out string value)
    {
        var text = new System.Text.StringBuilder();
        value = "";
        while (!TryTake('"'))
        {
            _ = TryTake('\\');
            if (IsAtEnd)
                return false;
            text.Append(_text[_at++]);
        }
        value = text.ToString();
        return true;
    }

    private ReadOnlySpan<char> ReadUntil(ReadOnlySpan<char> ends)
    {
        var start = _at;
        while (!IsAtEnd && !ends.Contains(_text[_at]))
            _at++;
        return _text[start.._at];
    }

    private bool TryTake(char expected)
    {
        var isThere = !IsAtEnd && _text[_at] == expected;
        if (isThere)
            _at++;
        return isThere;
    }

    private void SkipSpaces()
    {
        while (!IsAtEnd && _text[_at] is ' ' or '\t')
            _at++;
    }

    private void SkipSeparators()
    {
        while (!IsAtEnd && _text[_at] is ' ' or '\t' or ',')
            _at++;
    }
}
