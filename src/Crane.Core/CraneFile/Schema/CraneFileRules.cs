using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Schema;

/// <summary>Judges one crane file: what is wrong in it, and what is only strange.</summary>
internal static class CraneFileRules
{
    // More than any file by hand has; a file of another program shall not fill the screen.
    private const int PlacesShown = 100;

    /// <summary>Checks a file and finds all of its errors at once.</summary>
    /// <param name="document">The file.</param>
    /// <param name="isAlone">Whether it is the only file; one of several may add groups to the containers of another.</param>
    public static CraneFileVerdict Judge(ConfigDocument document, bool isAlone)
    {
        var (file, root) = (document.File, document.Root);
        if (!ForeignFileDetector.DeclaresContainers(root) && (isAlone || !ForeignFileDetector.IsCompanion(root)))
            return new CraneFileVerdict([ForeignFileDetector.NotACraneFile(file, root)], []);

        var check = new SchemaValidator();
        check.Check(root, CraneFileSchema.File, path: null);
        var map = (MapNode)root;
        CheckBothSpellings(map, check);

        var warnings = new List<string>();
        if (check.UnknownKeys.Count > 0)
            warnings.Add($"{file.Path}: unknown keys are ignored: {Places(check.UnknownKeys)}.");
        var repeated = document.MapsWithDuplicates.Where(duplicates => !check.IsJudged(duplicates))
            .SelectMany(duplicates => duplicates.Duplicates).Select(duplicate => duplicate.Second).Where(key => !check.HasRefused(key)).ToList();
        if (repeated.Count > 0)
            warnings.Add($"{file.Path}: keys stand twice, the last counts: {Places(repeated)}.");
        var misplaced = MisplacedRunKeys.In(map);
        if (misplaced.Count > 0)
            warnings.Add($"{file.Path}: keys belong under 'run', as elsewhere in the file: {Places(misplaced)}.");
        var errors = check.Errors.OrderBy(error => error.Location!.Line).ThenBy(error => error.Location!.Column);
        return new CraneFileVerdict([.. errors], warnings);
    }

    // `containers` and `services` are one section with two names; a container in both would be two.
    private static void CheckBothSpellings(MapNode root, SchemaValidator check)
    {
        if (root.Find("containers") is not MapNode containers || root.Find("services") is not MapNode services)
            return;
        foreach (var (key, _) in services.Entries)
            if (containers.Entry(key.Text) is { } other)
                check.Report(
                    CraneErrorId.DuplicateKey, key,
                    $"'{key.Text}' stands under 'containers' in line {other.Key.Line} and under 'services' in line {key.Line}.",
                    "Keep one of them: both sections mean the same.");
    }

    private static string Places(IReadOnlyList<ScalarNode> keys)
    {
        var places = keys.GroupBy(key => key.Text, StringComparer.Ordinal).Select(group => $"'{group.Key}' ({Lines(group)})").ToList();
        return string.Join(", ", places.Take(PlacesShown)) + (places.Count > PlacesShown ? $" and {places.Count - PlacesShown} more" : "");
    }

    private static string Lines(IEnumerable<ScalarNode> keys)
    {
        var lines = keys.Select(key => key.Line).Distinct().ToList();
        return (lines.Count == 1 ? "line " : "lines ") + string.Join(", ", lines.Take(3)) + (lines.Count > 3 ? ", …" : "");
    }
}

/// <summary>What was found in one file.</summary>
internal sealed record CraneFileVerdict(IReadOnlyList<CraneException> Errors, IReadOnlyList<string> Warnings);

/// <summary>
/// Keys of <c>run</c> that stand directly on a container. Crane 3 has them there, crane 1 and 2 do not: in a file whose
/// other containers have <c>run</c>, it was forgotten.
/// </summary>
internal static class MisplacedRunKeys
{
    /// <summary>The misplaced keys of a file; none where the file is of the newer form throughout.</summary>
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
