using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>A <c>--mount</c> of RUN.</summary>
/// <param name="From">The stage or image it shows; empty where it shows none.</param>
/// <param name="Error">
/// What is wrong with the rest of it, which BuildKit reads only where it gets to the instruction; null where nothing is.
/// </param>
internal sealed record RunMount(string From, DockerfileError? Error)
{
    private static readonly string[] _keys =
    [
        "type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw", "required",
        "size", "id", "sharing", "mode", "uid", "gid", "env",
    ];

    /// <exception cref="DockerfileError">No CSV, or a variable in <c>from</c>.</exception>
    public static RunMount Read(string text)
    {
        var fields = CsvFields.Split(text).Select(field => field.Split('=', 2))
            .Select(parts => (Key: parts[0].ToLowerInvariant(), Value: parts.Length > 1 ? parts[1] : null)).ToList();
        var from = "";
        foreach (var (key, value) in fields)
        {
            if (key != "from" || value is null)
                continue;
            // A dollar that ends the text begins no variable.
            if (value.IndexOf('$', StringComparison.Ordinal) is >= 0 and var dollar && dollar < value.Length - 1)
                throw Variable(value);
            from = value;
        }

        return new(from, FaultIn(fields, from));
    }

    // A value with variables in it is known only while it builds.
    private static DockerfileError? FaultIn(List<(string Key, string? Value)> fields, string from)
    {
        var type = "bind";
        foreach (var (key, value) in fields)
        {
            if (!_keys.Contains(key))
                return new($"a mount has no {VisibleText.Quote(key)}", $"It has {string.Join(", ", _keys)}.");
            if (value is null && key is not ("readonly" or "ro" or "readwrite" or "rw" or "required"))
                return new($"'{key}' of a mount has no value", $"Write {key}=VALUE.");
            if (key == "type")
                type = value!.ToLowerInvariant();
        }

        if (type.AsSpan().IndexOfAny("$\\`'\"") < 0 && type is not ("bind" or "cache" or "tmpfs" or "secret" or "ssh"))
            return new($"{VisibleText.Quote(type)} is no type of mount", "It is bind, cache, tmpfs, secret or ssh.");
        return type == "secret" && from.Length > 0 ? new("a mount of a secret has no 'from'") : null;
    }

    /// <summary>The error about a variable in the <c>from</c> of a mount or COPY, where BuildKit expands none.</summary>
    public static DockerfileError Variable(string from) => new(
        $"variables, quotes and escapes are not expanded in {VisibleText.Quote(from)}",
        "Give the image a stage of its own, FROM … AS NAME, where variables of ARGs before the first FROM are expanded, and "
        + "write that name here.");
}
