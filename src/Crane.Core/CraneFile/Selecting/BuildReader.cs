using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>Reads how a container is built: <c>build</c>, or <c>dockerfile</c> of crane 0.x and 1.x.</summary>
internal sealed class BuildReader(Func<string, bool> fileExists)
{
    private const string Section = "build";
    private const string Dockerfile = "Dockerfile";

    /// <summary>The build section; null where the container is not built.</summary>
    public ContainerBuild? Read(MapNode? body, ValueReader values)
    {
        var build = body?.Find(Section) as MapNode;
        if (build is { Entries.Count: > 0 } && !build.Has("context") && !body!.Has("dockerfile"))
            values.Refuse(build, Section, "has no 'context', so there is nothing to build from", "Add 'context: FOLDER'.");
        var (legacyContext, legacyFile) = Legacy(body, values);
        var context = Context(build, values) ?? legacyContext;
        if (context is null)
            return null;
        return new ContainerBuild
        {
            Context = context,
            File = values.Text(build, Section, "file") ?? legacyFile,
            Argument = values.Assignments(build, Section, "build-arg"),
            Target = values.Text(build, Section, "target"),
            Network = values.Text(build, Section, "network"),
            Platform = values.Texts(build, Section, "platform"),
            Label = values.Assignments(build, Section, "label"),
            Secret = values.Options(build, Section, "secret"),
            CacheFrom = values.Options(build, Section, "cache-from"),
            CacheTo = values.Options(build, Section, "cache-to"),
            AddHost = values.Options(build, Section, "add-host"),
        };
    }

    private static string? Context(MapNode? build, ValueReader values) =>
        values.Text(build, Section, "context") is not { } context ? null
        : FilePath.IsRemoteContext(context) ? context
        : FilePath.Full(context, build!.Find("context")!.File.Folder);

    // `dockerfile` names the folder of the Dockerfile. Some files name the Dockerfile itself; the disk tells, and where it
    // cannot (the file is not there yet), the name does. Beside a `build` that has a context of its own it means, as in
    // compose files of version 1, the Dockerfile in that context.
    private (string? Context, string? File) Legacy(MapNode? body, ValueReader values)
    {
        if (values.Text(body, "", "dockerfile") is not { } path)
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
