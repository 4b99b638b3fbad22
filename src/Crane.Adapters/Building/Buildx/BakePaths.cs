using Crane.Adapters.Building.Dockerfiles;
using Crane.Adapters.Building.Dockerfiles.Instructions;
using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// Full paths in options such as <c>id=token,src=token.txt</c>: in a crane file a path is relative to the folder of the file,
/// to bake it would be relative to the current one.
/// </summary>
internal static class BakePaths
{
    private static readonly string[] PathKeys = ["src", "source", "dest"];

    /// <param name="options">The options; null for none.</param>
    /// <param name="folder">The folder of the crane file; null where they come from none, and stay as they are.</param>
    public static IReadOnlyList<string>? Full(IReadOnlyList<string>? options, string? folder) =>
        folder is null ? options : options?.Select(option => Full(option, folder)).ToList();

    /// <summary>The files that secrets are in, where a path says so.</summary>
    public static IEnumerable<string> Files(GraphBuild build) =>
        (Full(build.Build.Secret, Path.GetDirectoryName(build.Plan.Path)) ?? []).SelectMany(Fields)
            .Select(field => field.Split('=', 2)).Where(parts => parts is ["src" or "source", { Length: > 0 }]).Select(parts => parts[1]);

    private static IReadOnlyList<string> Fields(string option)
    {
        try
        {
            return CsvFields.Split(option);
        }
        catch (DockerfileFault)
        {
            // Buildx reads the same form, and says what is wrong with it.
            return [];
        }
    }

    private static string Full(string option, string folder)
    {
        var fields = Fields(option);
        var full = fields.Select(field => FullField(field, folder)).ToList();
        return full.SequenceEqual(fields, StringComparer.Ordinal) ? option : string.Join(',', full.Select(Quote));
    }

    private static string FullField(string field, string folder) =>
        field.Split('=', 2) is [var key, { Length: > 0 } path] && PathKeys.Contains(key)
            ? $"{key}={Path.GetFullPath(path, folder)}"
            : field;

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(',', '"') ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
