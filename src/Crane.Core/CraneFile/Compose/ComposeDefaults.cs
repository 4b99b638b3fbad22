using System.Text.RegularExpressions;
using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Compose;

/// <summary>
/// What Compose assumes of a service that does not say it: a build has the context <c>.</c>, and an image that is built the name
/// <c>PROJECT-SERVICE</c>.
/// </summary>
internal static class ComposeDefaults
{
    private const string Prefix = "${COMPOSE_PROJECT_NAME:-";

    /// <summary>The merged containers, those of services completed.</summary>
    /// <param name="roots">The files, in the order in which they were merged.</param>
    public static MapNode Complete(MapNode containers, IReadOnlyList<MapNode> roots)
    {
        var services = roots.Select(ComposeSections.Services).OfType<MapNode>().ToList();
        if (services.Count == 0)
            return containers;
        var project = new Lazy<string>(() => ProjectName(roots));
        return containers.With([.. containers.Entries.Select(entry =>
            entry.Value is MapNode body && body.Has("build") && services.Exists(section => section.Has(entry.Key.Text))
                ? entry with { Value = Complete(body, entry.Key, project) }
                : entry)]);
    }

    private static MapNode Complete(MapNode body, ScalarNode name, Lazy<string> project)
    {
        var entries = body.Entries.Select(entry => entry is { Key.Text: "build", Value: MapNode build } && !build.Has("context")
            ? entry with { Value = build.With([Entry(build, "context", "."), .. build.Entries]) }
            : entry).ToList();
        if (!body.Has("image"))
            entries.Insert(0, Entry(name, "image", $"{Prefix}{project.Value}}}-{name.Text}"));
        return body.With(entries);
    }

    /// <summary>A name of an image without the variable that such a default begins with; other names as they are.</summary>
    public static string? WithProject(string? image) =>
        image?.StartsWith(Prefix, StringComparison.Ordinal) == true && image.IndexOf('}') is > 0 and var end
            ? image[Prefix.Length..end] + image[(end + 1)..]
            : image;

    // As Compose makes a name of a folder's (compose-go, loader.NormalizeProjectName).
    private static string ProjectName(IReadOnlyList<MapNode> roots)
    {
        if (roots.Select(root => root.Find("name")).OfType<ScalarNode>().LastOrDefault(name => !name.IsNull) is { } named)
            return named.Text;
        var folder = Path.GetFileName(roots[0].File.Folder).ToLowerInvariant();
        return Regex.Replace(folder, "[^-_a-z0-9]", "").TrimStart('_', '-');
    }

    private static MapEntry Entry(ConfigNode at, string key, string value) => new(at.Scalar(key), at.Scalar(value));
}
