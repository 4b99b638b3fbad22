using Crane.Building;

namespace Crane.Adapters.Building.Buildx;

/// <summary>
/// The secrets of a build, such as <c>id=token,src=token.txt</c>, as bake reads them in any folder
/// (https://docs.docker.com/reference/cli/docker/buildx/build/#secret).
/// </summary>
internal static class BakeSecrets
{
    private static readonly string[] PlaceKeys = ["src", "source", "env"];

    /// <param name="build">The build.</param>
    /// <param name="variables">The environment, which may have a secret that says nothing but its id.</param>
    public static IReadOnlyList<string>? Full(GraphBuild build, Func<string, string?> variables) =>
        BakePaths.Folder(build.Plan) is { } folder
            ? build.Build.Secret?.Select(secret => BakePaths.Change(secret, fields => Full(fields, folder, variables))).ToList()
            : build.Build.Secret;

    /// <summary>The files that secrets are in, where that is known.</summary>
    public static IEnumerable<string> Files(GraphBuild build, Func<string, string?> variables) =>
        (Full(build, variables) ?? []).Select(BakePaths.Fields).Where(fields => !IsVariable(fields))
            .Select(fields => Value(fields, "src") ?? Value(fields, "source")).OfType<string>();

    private static IEnumerable<string> Full(IReadOnlyList<string> fields, string folder, Func<string, string?> variables)
    {
        if (IsVariable(fields))
            return fields;
        var isPlaced = PlaceKeys.Any(key => Value(fields, key) is not null);
        // Of an id alone Buildx makes the variable of that name, else the file of that name in the current folder.
        return !isPlaced && Value(fields, "id") is { } id && variables(id) is null
            ? [.. fields, $"src={Path.GetFullPath(id, folder)}"]
            : fields.Select(field => BakePaths.Full(field, folder));
    }

    // Here src is the name of the variable.
    private static bool IsVariable(IReadOnlyList<string> fields) => Value(fields, "type") == "env";

    private static string? Value(IReadOnlyList<string> fields, string key) => fields.Select(field => field.Split('=', 2))
        .LastOrDefault(parts => parts[0] == key && parts is [_, { Length: > 0 }])?[1];
}
