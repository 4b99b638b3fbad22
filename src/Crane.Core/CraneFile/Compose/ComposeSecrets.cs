using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Compose;

/// <summary>
/// Rewrites the secrets of a build, names of the top section <c>secrets</c>, to the options of <c>docker build --secret</c>
/// (https://github.com/compose-spec/compose-spec/blob/main/build.md#secrets).
/// </summary>
internal static class ComposeSecrets
{
    /// <summary>The secrets that the files of a stack declare, later ones over earlier ones; null for none.</summary>
    public static MapNode? DeclaredIn(IEnumerable<ConfigNode?> roots)
    {
        var declared = roots.OfType<MapNode>().Select(root => root.Find("secrets")).OfType<MapNode>().ToList();
        return declared.Count == 0 ? null : declared.Aggregate(MapMerge.Merge);
    }

    /// <summary>The service with the secrets of its build as options. A name that the file does not declare stays.</summary>
    public static MapNode Resolve(MapNode service, MapNode? declared)
    {
        if (service.Find("build") is not MapNode build || build.Find("secrets") is not ListNode secrets)
            return service;
        var options = secrets.Items.Select(item => Option(item, declared) ?? item).ToList();
        return service.Put("build", build.Put("secrets", new ListNode(secrets.File, secrets.Line, secrets.Column, options)));
    }

    /// <summary>Whether a secret of a build is declared with a file or a variable, or is an option as in a crane file.</summary>
    public static bool IsKnown(ConfigNode item, MapNode? declared) =>
        Option(item, declared) is not null || (item is ScalarNode scalar && scalar.Text.Contains('=', StringComparison.Ordinal));

    private static ScalarNode? Option(ConfigNode item, MapNode? declared)
    {
        var name = (item as MapNode)?.Find("source") as ScalarNode ?? item as ScalarNode;
        if (name is null || declared?.Find(name.Text) is not MapNode secret)
            return null;
        var id = (item as MapNode)?.Find("target") as ScalarNode ?? name;
        return secret switch
        {
            _ when secret.Find("file") is ScalarNode file =>
                item.Scalar($"id={id.Text},src={file.Text}"),
            _ when secret.Find("environment") is ScalarNode variable => item.Scalar($"id={id.Text},env={variable.Text}"),
            _ => null,
        };
    }
}
