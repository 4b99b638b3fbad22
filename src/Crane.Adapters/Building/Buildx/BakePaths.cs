using Crane.Adapters.Building.Dockerfiles;
using Crane.Adapters.Building.Dockerfiles.Instructions;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// Full paths in options such as <c>type=local,src=cache</c>: in a crane file a path is relative to the folder of the file,
/// to bake it would be relative to the current one.
/// </summary>
internal static class BakePaths
{
    private static readonly string[] PathKeys = ["src", "source", "dest"];

    /// <summary>The folder of the crane file; null where a plan comes from none, and paths stay as they are.</summary>
    public static string? Folder(RetagPlan plan) =>
        Path.IsPathFullyQualified(plan.Path ?? "") ? Path.GetDirectoryName(plan.Path) : null;

    /// <param name="options">The options; null for none.</param>
    /// <param name="folder">The folder of the crane file; null for none.</param>
    public static IReadOnlyList<string>? Full(IReadOnlyList<string>? options, string? folder) => folder is null
        ? options
        : options?.Select(option => Change(option, fields => fields.Select(field => Full(field, folder)))).ToList();

    /// <summary>One field of an option, the path in it full.</summary>
    public static string Full(string field, string folder) =>
        field.Split('=', 2) is [var key, { Length: > 0 } path] && PathKeys.Contains(key)
            ? $"{key}={Path.GetFullPath(path, folder)}"
            : field;

    /// <summary>The fields of an option; none where it cannot be read: Buildx reads the same form, and says what is wrong.</summary>
    public static IReadOnlyList<string> Fields(string option)
    {
        try
        {
            return CsvFields.Split(option);
        }
        catch (DockerfileFault)
        {
            return [];
        }
    }

    /// <summary>An option with other fields; as it was written where they are the same.</summary>
    public static string Change(string option, Func<IReadOnlyList<string>, IEnumerable<string>> change)
    {
        var fields = Fields(option);
        var changed = change(fields).ToList();
        return changed.SequenceEqual(fields, StringComparer.Ordinal) ? option : string.Join(',', changed.Select(Quote));
    }

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
