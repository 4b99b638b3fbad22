using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>Reads the build of a container: <c>build</c>, or <c>dockerfile</c> of crane 0.x and 1.x.</summary>
internal sealed class BuildReader(Func<string, bool> fileExists)
{
    private const string Section = "build";
    private const string Dockerfile = "Dockerfile";

    /// <summary>The build section; null if the container is not built.</summary>
    public ContainerBuild? Read(MapNode? body, ValueReader values)
    {
        var build = body?.Find(Section) as MapNode;
        if (build is { Entries.Count: > 0 } && !build.Has("context") && !body!.Has("dockerfile"))
            values.Refuse(build, Section, "has no 'context'", "Add 'context: FOLDER'.");
        if (build?.Find("dockerfile_inline") is { } inline)
            values.Refuse(
                inline, $"{Section}.dockerfile_inline", "is not supported", "Write it to a file, and name that with 'dockerfile'.");
        var (legacyContext, legacyFile) = Legacy(body, values);
        var context = Context(build, values) ?? legacyContext;
        if (context is null)
            return null;
        return new ContainerBuild
        {
            Context = context,
            File = values.String(build, Section, "file") ?? legacyFile,
            Argument = values.Arguments(build, Section, "build-arg"),
            Target = values.String(build, Section, "target"),
            Network = values.String(build, Section, "network"),
            Platform = values.Strings(build, Section, "platform"),
            Label = values.Assignments(build, Section, "label"),
            Secret = values.Options(build, Section, "secret"),
            CacheFrom = values.Options(build, Section, "cache-from"),
            CacheTo = values.Options(build, Section, "cache-to"),
            AddHost = values.Assignments(build, Section, "add-host"),
            BuildContext = NamedContexts(build, values),
        };
    }

    // A value without a scheme is a folder.
    private static IReadOnlyList<string> NamedContexts(MapNode? build, ValueReader values) =>
        [.. values.Assignments(build, Section, "build-context").Select(text => text.Split('=', 2) is [var name, { Length: > 0 } value]
            && !value.StartsWith(NamedContext.Service, StringComparison.Ordinal) && !FilePath.IsRemoteContext(value)
                ? $"{name}={FilePath.Full(value, build!.Find("build-context")!.File.Folder)}" : text)];

    private static string? Context(MapNode? build, ValueReader values) =>
        values.String(build, Section, "context") is not { } context ? null
        : FilePath.IsRemoteContext(context) ? context
        : FilePath.Full(context, build!.Find("context")!.File.Folder);

    // `dockerfile` is the folder of the Dockerfile; in some files it is the Dockerfile itself, as the disk shows, or the name if the file
    // does not exist yet. Beside a `build` with a context it is the Dockerfile in that context, as in compose files of version 1.
    private (string? Context, string? File) Legacy(MapNode? body, ValueReader values)
    {
        if (values.String(body, "", "dockerfile") is not { } path)
            return (null, null);
        if (body!.Find(Section) is MapNode build && build.Has("context"))
            return (null, path);
        var full = FilePath.Full(path, body.Find("dockerfile")!.File.Folder);
        return Path.GetDirectoryName(full) is { } folder && (IsDockerfileName(Path.GetFileName(full)) || fileExists(full))
            ? (folder, Path.GetFileName(full))
            : (full, null);
    }

    private static bool IsDockerfileName(string name) =>
        name is Dockerfile
        || name.StartsWith(Dockerfile + ".", StringComparison.Ordinal)
        || name.EndsWith("." + Dockerfile, StringComparison.Ordinal);
}
