using System.Text;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>A <c>--mount</c> of RUN.</summary>
/// <param name="From">Its stage or image; empty for none.</param>
/// <param name="Error">
/// The error in the rest of it, which BuildKit reads only when it runs the instruction; null for none.
/// </param>
internal sealed record RunMount(string From, DockerfileError? Error)
{
    private static readonly string[] Keys =
    [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "required",
        "size", "id", "sharing", "mode", "uid", "gid", "env",
    ];

    /// <exception cref="DockerfileError">Not CSV, or a variable in <c>from</c>.</exception>
    public static RunMount Read(string text)
    {
        var fields = CsvFields.Split(text).Select(field => field.Split('=', 2))
            .Select(parts => (Key: parts[0].ToLowerInvariant(), Value: parts.Length > 1 ? parts[1] : null)).ToList();
        var from = "";
        foreach (var (key, value) in fields)
        {
            if (key != "from" || value is null)
                continue;
            // A dollar at the end is no variable.
            if (value.IndexOf('$', StringComparison.Ordinal) is >= 0 and var dollar && dollar < value.Length - 1)
                throw Variable(value);
            from = value;
        }

        return new(from, ErrorIn(fields, from));
    }

    // A value with variables is known only during the build.
    private static DockerfileError? ErrorIn(List<(string Key, string? Value)> fields, string from)
    {
        var type = "bind";
        foreach (var (key, value) in fields)
        {
            if (!Keys.Contains(key))
                return new($"unknown key {VisibleText.Quote(key)} of a mount", $"Known keys are {string.Join(", ", Keys)}.");
            if (value is null && key is not ("readonly" or "ro" or "readwrite" or "rw" or "required"))
                return new($"'{key}' of a mount has no value", $"Write {key}=VALUE.");
            if (key == "type")
                type = value!.ToLowerInvariant();
        }

        if (type.AsSpan().IndexOfAny("$\\`'\"") < 0 && type is not ("bind" or "cache" or "tmpfs" or "secret" or "ssh"))
            return new($"unknown type of mount {VisibleText.Quote(type)}", "Known are bind, cache, tmpfs, secret and ssh.");
        return type == "secret" && from.Length > 0 ? new("a mount of a secret cannot have 'from'") : null;
    }

    /// <summary>The error for a variable in the <c>from</c> of a mount or COPY, where BuildKit expands none.</summary>
    public static DockerfileError Variable(string from) => new(
        $"variables, quotes and escapes are not expanded in {VisibleText.Quote(from)}",
        "Make the image a stage, FROM … AS NAME, where variables of ARGs before the first FROM are expanded, and "
        + "use that name here.");
}

/// <summary>The fields of <c>--mount</c>: one line of CSV (RFC 4180), with quotes only around whole fields.</summary>
internal static class CsvFields
{
    /// <exception cref="DockerfileError">Empty, or a misplaced quote.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        if (text.Length == 0)
            throw new DockerfileError("empty mount", "Write --mount=type=bind,from=IMAGE,target=PATH or similar.");
        var fields = new List<string>();
        for (var index = 0; index <= text.Length; index++)
            fields.Add(index < text.Length && text[index] == '"' ? ReadQuoted(text, ref index) : ReadPlain(text, ref index));
        return fields;
    }

    // Both end at the comma after the field, or at the end.
    private static string ReadPlain(string text, ref int index)
    {
        var start = index;
        var comma = text.IndexOf(',', index);
        index = comma < 0 ? text.Length : comma;
        var field = text[start..index];
        return field.Contains('"', StringComparison.Ordinal) ? throw Misplaced(text) : field;
    }

    private static string ReadQuoted(string text, ref int index)
    {
        var field = new StringBuilder();
        while (true)
        {
            var quote = text.IndexOf('"', index + 1);
            if (quote < 0)
                throw Misplaced(text);
            field.Append(text, index + 1, quote - index - 1);
            index = quote + 1;
            if (index == text.Length || text[index] == ',')
                return field.ToString();
            if (text[index] != '"')
                throw Misplaced(text);
            field.Append('"');
        }
    }

    private static DockerfileError Misplaced(string text) => new(
        $"the mount {VisibleText.Quote(text)} has a quote in the wrong place",
        "Quote a whole field, as in \"target=/a,b\", and double a quote inside it.");
}
