namespace Crane.CraneFile.Nodes;

/// <summary>How a later crane file changes an earlier one: maps deeply, everything else replaced.</summary>
internal static class MapMerge
{
    /// <summary>
    /// Both maps in one. Keys stay in the order and at the place of the file that has them first, values are those of
    /// the later one; a map that the later file leaves empty adds nothing.
    /// </summary>
    public static MapNode Merge(MapNode earlier, MapNode later)
    {
        var entries = new List<MapEntry>(earlier.Entries.Count + later.Entries.Count);
        foreach (var entry in earlier.Entries)
            entries.Add(later.Find(entry.Key.Text) is { } value ? entry with { Value = Merge(entry.Value, value) } : entry);
        foreach (var entry in later.Entries)
            if (!earlier.Has(entry.Key.Text))
                entries.Add(entry);
        return earlier.With(entries);
    }

    private static ConfigNode Merge(ConfigNode earlier, ConfigNode later) => (earlier, later) switch
    {
        (MapNode map, MapNode change) => Merge(map, change),
        (MapNode map, { IsNull: true }) => map,
        _ => later,
    };
}
