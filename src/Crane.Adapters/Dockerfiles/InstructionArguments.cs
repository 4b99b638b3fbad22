using System.Buffers;
using Crane.Errors;
using System.Text.Json;
using System.Text;

namespace Crane.Adapters.Dockerfiles;

/// <summary>The arguments of an instruction, parsed according to its keyword.</summary>
/// <param name="Values">The arguments; for ENV and LABEL only the names.</param>
/// <param name="IsJson">Whether they are written as a JSON array.</param>
internal sealed record InstructionArguments(IReadOnlyList<string> Values, bool IsJson = false)
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 1000 };
    private static readonly SearchValues<char> Separators = SearchValues.Create("\t\v\f\r ");

    /// <exception cref="DockerfileError">Arguments that cannot be parsed.</exception>
    public static InstructionArguments Read(string keyword, string text, char escape) => keyword switch
    {
        "FROM" or "EXPOSE" => new(Split(text)),
        "COPY" or "ADD" or "VOLUME" => Json(text) ?? new(Split(text)),
        "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" => Json(text) ?? Whole(text),
        "HEALTHCHECK" => HealthCheck(text),
        "ARG" => new(SplitNames(text, escape)),
        "ENV" or "LABEL" => new(NamesOf(keyword, text, escape)),
        _ => Whole(text),
    };

    /// <summary>Splits a string at its first space.</summary>
    public static (string First, string Others) Cut(string text)
    {
        var separator = text.AsSpan().IndexOfAny(Separators);
        return separator < 0 ? (text, "") : (text[..separator], text.AsSpan(separator).TrimStart("\t\v\f\r ").ToString());
    }

    private static string[] Split(string text) => text.Split(['\t', '\v', '\f', '\r', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static InstructionArguments Whole(string text) => new(text.Length == 0 ? [] : [text]);

    // Null where it is not a JSON array, and so is literal.
    private static InstructionArguments? Json(string text)
    {
        if (text is not ['[', ..])
            return null;
        try
        {
            using var json = JsonDocument.Parse(text, JsonOptions);
            var items = json.RootElement.EnumerateArray().ToList();
            return items.All(item => item.ValueKind == JsonValueKind.String)
                ? new([.. items.Select(item => item.GetString()!)], IsJson: true)
                : throw new DockerfileError("an array of arguments can only contain strings", "Put each argument in double quotes.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static InstructionArguments HealthCheck(string text)
    {
        var end = text.AsSpan().IndexOfAny(Separators);
        var (type, rest) = end < 0 ? (text, "") : (text[..end], text[end..].TrimStart());
        var command = Json(rest) ?? Whole(rest);
        return type.Length == 0 ? new([]) : command with { Values = [type, .. command.Values] };
    }

    private static IReadOnlyList<string> NamesOf(string keyword, string text, char escape)
    {
        var words = SplitNames(text, escape);
        if (words is [var first, ..] && !first.Contains('=', StringComparison.Ordinal))
        {
            return Cut(text) is (var name, { Length: > 0 })
                ? [name]
                : throw new DockerfileError($"{keyword} requires a name and a value", $"Write {keyword} NAME=VALUE.");
        }

        return [.. words.Select(word => word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals
            ? word[..equals]
            : throw new DockerfileError(
                $"{VisibleText.Quote(word)} has no '='",
                $"Write {keyword} NAME=VALUE, with quotes around a value with spaces."))];
    }

    // Split at spaces outside of quotes, with their quotes and escapes kept.
    private static List<string> SplitNames(string text, char escape)
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
                // At the end it escapes nothing and is ignored.
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
