using Crane.Adapters.Dockerfiles;
using Crane.Adapters.Machine;
using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// Options such as <c>type=local,src=cache</c> with absolute paths: in a crane file a path is relative to the folder of the file,
/// for bake it is relative to the current one.
/// </summary>
internal static class BakeOptions
{
    private static readonly string[] PathKeys = ["src", "source", "dest"];
    private static readonly string[] SourceKeys = ["src", "source", "env"];

    /// <summary>The folder of the crane file; null for a plan without one, whose paths stay as they are.</summary>
    public static string? Folder(RetagPlan plan) => Path.IsPathFullyQualified(plan.Path ?? "") ? Path.GetDirectoryName(plan.Path) : null;

    public static IReadOnlyList<string>? Full(IReadOnlyList<string>? options, string? folder) => folder is null
        ? options
        : options?.Select(option => Change(option, fields => fields.Select(field => Full(field, folder)))).ToList();

    /// <summary>
    /// The secrets of a build, such as <c>id=token,src=token.txt</c>, with full paths
    /// (https://docs.docker.com/reference/cli/docker/buildx/build/#secret).
    /// </summary>
    public static IReadOnlyList<string>? Secrets(GraphBuild build, Func<string, string?> variables) =>
        Folder(build.Plan) is { } folder
            ? build.Build.Secret?.Select(secret => Change(secret, fields => Secret(fields, folder, variables))).ToList()
            : build.Build.Secret;

    /// <summary>
    /// The target, with an error where the file of a secret cannot be read. Buildx checks all of them before it builds anything,
    /// and does not say which target lacks one: no image would be built.
    /// </summary>
    public static BakeTarget CheckSecrets(BakeTarget target, Func<string, string?> variables) => target with
    {
        Error = target.Error ?? (Secrets(target.Request, variables) ?? []).Select(Fields).Where(fields => !IsVariable(fields))
            .Select(fields => Value(fields, "src") ?? Value(fields, "source")).OfType<string>()
            .Select(path => SecretError(target.Request.Target, path)).FirstOrDefault(error => error is not null),
    };

    private static CraneException? SecretError(ImageName target, string path)
    {
        try
        {
            RegularFile.Open(path).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var why = exception is FileNotFoundException or DirectoryNotFoundException
                ? "does not exist" : $"cannot be read: {exception.Message.TrimEnd('.')}";
            return new CraneException(
                CraneErrorId.BuildFailed, $"'{target}' could not be built: the file '{path}' of a secret {why}.",
                "Correct `src` of `secret`; a relative path there starts from the folder of the crane file. "
                + "For a secret in a variable, write env=NAME.", exception);
        }
    }

    private static IEnumerable<string> Secret(IReadOnlyList<string> fields, string folder, Func<string, string?> variables)
    {
        if (IsVariable(fields))
            return fields;
        // An id alone means the variable of that name, else the file of that name in the current folder.
        return !SourceKeys.Any(key => Value(fields, key) is not null) && Value(fields, "id") is { } id && variables(id) is null
            ? [.. fields, $"src={Path.GetFullPath(id, folder)}"]
            : fields.Select(field => Full(field, folder));
    }

    // Here src is the name of the variable.
    private static bool IsVariable(IReadOnlyList<string> fields) => Value(fields, "type") == "env";

    private static string? Value(IReadOnlyList<string> fields, string key) => fields.Select(field => field.Split('=', 2))
        .LastOrDefault(parts => parts[0] == key && parts is [_, { Length: > 0 }])?[1];

    private static string Full(string field, string folder) =>
        field.Split('=', 2) is [var key, { Length: > 0 } path] && PathKeys.Contains(key)
            ? $"{key}={Path.GetFullPath(path, folder)}"
            : field;

    // None for an invalid option: Buildx parses it, too, and reports the error.
    private static IReadOnlyList<string> Fields(string option)
    {
        try
        {
            return CsvFields.Split(option);
        }
        catch (DockerfileError)
        {
            return [];
        }
    }

    // Unchanged where the fields are the same.
    private static string Change(string option, Func<IReadOnlyList<string>, IEnumerable<string>> change)
    {
        var fields = Fields(option);
        var changed = change(fields).ToList();
        return changed.SequenceEqual(fields, StringComparer.Ordinal) ? option : string.Join(',', changed.Select(Quote));
    }

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
