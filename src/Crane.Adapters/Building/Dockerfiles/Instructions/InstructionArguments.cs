using System.Buffers;
using Crane.Adapters.Building.Dockerfiles.Words;
using Crane.Errors;

namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>The arguments of an instruction, taken apart as its keyword wants it.</summary>
/// <param name="Values">The arguments; of ENV and LABEL the names alone.</param>
/// <param name="IsJson">Whether they are written as a JSON array.</param>
internal sealed record InstructionArguments(IReadOnlyList<string> Values, bool IsJson = false)
{
    private static readonly SearchValues<char> _separators = SearchValues.Create("\t\v\f\r ");

    /// <exception cref="DockerfileFault">Arguments that cannot be taken apart.</exception>
    public static InstructionArguments Read(string keyword, string text, char escape) => keyword switch
    {
        "FROM" or "EXPOSE" => new(Split(text)),
        "COPY" or "ADD" or "VOLUME" => Json(text) ?? new(Split(text)),
        "RUN" or "CMD" or "ENTRYPOINT" or "SHELL" => Json(text) ?? Whole(text),
        "HEALTHCHECK" => HealthCheck(text),
        "ARG" => new(NameWords.Split(text, escape)),
        "ENV" or "LABEL" => new(NamesOf(keyword, text, escape)),
        _ => Whole(text),
    };

    /// <summary>Splits a text in two at its first space.</summary>
    public static (string First, string Others) Cut(string text)
    {
        var separator = text.AsSpan().IndexOfAny(_separators);
        return separator < 0 ? (text, "") : (text[..separator], text.AsSpan(separator).TrimStart("\t\v\f\r ").ToString());
    }

    private static string[] Split(string text) =>
        text.Split(['\t', '\v', '\f', '\r', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static InstructionArguments Whole(string text) => new(text.Length == 0 ? [] : [text]);

    private static InstructionArguments? Json(string text) => JsonWords.Read(text) is { } words ? new(words, IsJson: true) : null;

    private static InstructionArguments HealthCheck(string text)
    {
        var end = text.AsSpan().IndexOfAny(_separators);
        var (type, rest) = end < 0 ? (text, "") : (text[..end], text[end..].TrimStart());
        var command = Json(rest) ?? Whole(rest);
        return type.Length == 0 ? new([]) : command with { Values = [type, .. command.Values] };
    }

    private static IReadOnlyList<string> NamesOf(string keyword, string text, char escape)
    {
        var words = NameWords.Split(text, escape);
        if (words is [var first, ..] && !first.Contains('=', StringComparison.Ordinal))
        {
            return Cut(text) is (var name, { Length: > 0 })
                ? [name]
                : throw new DockerfileFault($"{keyword} needs a name and a value", $"Write {keyword} NAME=VALUE.");
        }

        return [.. words.Select(word => word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals
            ? word[..equals]
            : throw new DockerfileFault(
                $"{VisibleText.Quote(word)} has no '='",
                $"Write {keyword} NAME=VALUE, the value in quotes where it has spaces."))];
    }
}
