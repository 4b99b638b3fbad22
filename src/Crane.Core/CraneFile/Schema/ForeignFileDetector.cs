using Crane.CraneFile.Compose;
using Crane.CraneFile.Nodes;
using Crane.Errors;

namespace Crane.CraneFile.Schema;

/// <summary>
/// Detects files of other programs with the name of a crane file, such as package recipes, manifests and templates. The error says which
/// file was found, how, and what it seems to be.
/// </summary>
internal static class ForeignFileDetector
{
    private static readonly string[] CompanionKeys =
    [
        "groups", "hooks", "registries", "remotes", "defaults", "lock",
        ComposeSections.Extension, "secrets", "networks", "volumes", "configs",
    ];

    /// <summary>Whether the file has a section of containers.</summary>
    public static bool DeclaresContainers(ConfigNode root) => root is MapNode map && (map.Has("containers") || map.Has("services"));

    /// <summary>Whether the file can add something to the containers of other files.</summary>
    public static bool IsCompanion(ConfigNode root) =>
        root is MapNode map && CompanionKeys.Any(map.Has);

    /// <summary>The error for a YAML file that is not a crane file.</summary>
    public static CraneException NotACraneFile(SourceFile file, ConfigNode root) =>
        Error(file, root.Location, root is MapNode { Entries.Count: > 0 } map ? LooksOf(map) : LooksOf(root));

    /// <summary>The error for a template, which is not valid YAML; null for other files.</summary>
    public static CraneException? Template(SourceFile file, SourceLocation location) =>
        file.Text.Contains("{{", StringComparison.Ordinal) || file.Text.Contains("{%", StringComparison.Ordinal)
            ? Error(file, location, "it looks like a template with {{ }} that another program has to fill in first")
            : null;

    private static CraneException Error(SourceFile file, SourceLocation location, string looks) =>
        new CraneException(
            CraneErrorId.CraneFileInvalid, $"this file, {file.FoundBy}, is not a crane file: {looks}.",
            "A crane file is a map with 'containers' (or 'services'). Choose another file with -Path or CRANE_CONFIG.").At(location);

    private static string LooksOf(ConfigNode root) => root switch
    {
        { IsNull: true } or MapNode => "it is empty",
        ListNode list when list.Items.Any(item => item is MapNode map && (map.Has("image") || map.Has("dockerfile"))) =>
            "it is a list of containers, the form of crane 0.x; write a map, 'containers: { NAME: { image: … } }'",
        ListNode => "it is a list",
        _ => "it is plain text",
    };

    private static string LooksOf(MapNode map)
    {
        if (map.Has("package") && (map.Has("pipeline") || map.Has("source") || map.Has("build") || map.Has("environment")))
            return "it looks like a package recipe";
        if (map.Has("apiVersion") && map.Has("kind"))
            return "it looks like a Kubernetes manifest";
        if (map.Entries.Any(entry => entry.Value is MapNode service && (service.Has("image") || service.Has("build"))
            && !entry.Key.Text.StartsWith("x-", StringComparison.Ordinal)))
            return "it looks like a compose file of version 1; put its services under 'services:'";
        foreach (var (key, _) in map.Entries)
            if (NearMatch.Among(["containers", "services"], key.Text) is [var meant, ..])
                return $"it has '{key.Text}' where '{meant}' may be meant";
        if (map.File.Text.Contains("{{", StringComparison.Ordinal))
            return "it looks like a template with {{ }} that another program has to fill in first";
        return $"it has neither 'containers' nor 'services', but {Keys(map)}";
    }

    private static string Keys(MapNode map) =>
        string.Join(", ", map.Entries.Take(5).Select(entry => $"'{entry.Key.Text}'")) + (map.Entries.Count > 5 ? ", …" : "");
}
