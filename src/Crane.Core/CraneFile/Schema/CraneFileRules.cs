using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Schema;

/// <summary>Finds the errors and warnings of one crane file.</summary>
internal static class CraneFileRules
{
    // A limit for files of other programs, which may have thousands of unknown keys.
    private const int KeysShown = 100;

    /// <param name="isAlone">Whether it is the only file; one of several need not have containers.</param>
    /// <param name="secrets">The secrets that it and the files merged with it declare.</param>
    public static CraneFileVerdict Judge(ConfigDocument document, bool isAlone, MapNode? secrets)
    {
        var (file, root) = (document.File, document.Root);
        if (ComposeRules.Refused(root) is { } refused)
            return new CraneFileVerdict([refused], []);
        if (!ForeignFileDetector.DeclaresContainers(root) && (isAlone || !ForeignFileDetector.IsCompanion(root)))
            return new CraneFileVerdict([ForeignFileDetector.NotACraneFile(file, root)], []);

        var check = new SchemaValidator();
        check.Check(root, CraneFileSchema.File, path: null);
        var map = (MapNode)root;
        CheckBothSpellings(map, check);
        ComposeRules.Check(map, secrets, check);

        var warnings = new List<string>();
        if (check.UnknownKeys.Count > 0)
            warnings.Add($"{file.Path}: unknown keys are ignored: {Locations(check.UnknownKeys)}.");
        if (check.UnsupportedKeys.Count > 0)
            warnings.Add(
                $"{file.Path}: Crane does not have these keys of Compose, and builds without them: {Locations(check.UnsupportedKeys)}.");
        var repeated = document.MapsWithDuplicates.Where(duplicates => !check.IsJudged(duplicates))
            .SelectMany(duplicates => duplicates.Duplicates).Select(duplicate => duplicate.Second)
            .Where(key => !check.HasRefused(key)).ToList();
        if (repeated.Count > 0)
            warnings.Add($"{file.Path}: duplicate keys, the last one is used: {Locations(repeated)}.");
        var misplaced = MisplacedRunKeys.In(map);
        if (misplaced.Count > 0)
            warnings.Add($"{file.Path}: keys belong under 'run', as elsewhere in the file: {Locations(misplaced)}.");
        var errors = check.Errors.OrderBy(error => error.Location!.Line).ThenBy(error => error.Location!.Column);
        return new CraneFileVerdict([.. errors], warnings);
    }

    // `containers` and `services` are two names of one section, so no container may be in both.
    private static void CheckBothSpellings(MapNode root, SchemaValidator check)
    {
        if (root.Find("containers") is not MapNode containers || root.Find("services") is not MapNode services)
            return;
        foreach (var (key, _) in services.Entries)
            if (containers.Entry(key.Text) is { } other)
                check.Report(
                    CraneErrorId.DuplicateKey, key,
                    $"duplicate container '{key.Text}', under 'containers' in line {other.Key.Line}"
                        + $" and under 'services' in line {key.Line}.",
                    "Keep one of them: both sections mean the same.");
    }

    private static string Locations(IReadOnlyList<ScalarNode> keys)
    {
        var locations = keys.GroupBy(key => key.Text, StringComparer.Ordinal).Select(group => $"'{group.Key}' ({Lines(group)})").ToList();
        return string.Join(", ", locations.Take(KeysShown))
            + (locations.Count > KeysShown ? $" and {locations.Count - KeysShown} more" : "");
    }

    private static string Lines(IEnumerable<ScalarNode> keys)
    {
        var lines = keys.Select(key => key.Line).Distinct().ToList();
        return (lines.Count == 1 ? "line " : "lines ") + string.Join(", ", lines.Take(3)) + (lines.Count > 3 ? ", …" : "");
    }
}

/// <summary>The errors and warnings of one file.</summary>
internal sealed record CraneFileVerdict(IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings);

/// <summary>
/// Finds keys of <c>run</c> directly in a container (crane 3), though others in the file have <c>run</c> (crane 1 and 2).
/// </summary>
internal static class MisplacedRunKeys
{
    /// <summary>The misplaced keys of a file.</summary>
    public static IReadOnlyList<ScalarNode> In(MapNode root)
    {
        if (root.Find("containers") is not MapNode containers)
            return [];
        var bodies = containers.Entries.Select(entry => entry.Value).OfType<MapNode>().ToLookup(body => body.Has("run"));
        return bodies[true].Any()
            ? [.. bodies[false].SelectMany(body => body.Entries).Select(entry => entry.Key).Where(key => KnownKeys.Run.Contains(key.Text))]
            : [];
    }
}
