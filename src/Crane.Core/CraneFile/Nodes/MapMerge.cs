namespace Crane.CraneFile.Nodes;

/// <summary>Merges a later crane file into an earlier one: maps are merged deeply, everything else is replaced.</summary>
internal static class MapMerge
{
    /// <summary>Keys keep the order and location of the first file, values are those of the last. A null does not replace a map.</summary>
    public static MapNode Merge(MapNode earlier, MapNode later)
    {
        var entries = new List<MapEntry>(earlier.Entries.Count + later.Entries.Count);
        foreach (var entry in earlier.Entries)
        {
            if (later.Find(entry.Key.Text) is not { } value)
                entries.Add(entry);
            else if (!IsReset(value))
                entries.Add(entry with { Value = Merge(entry.Value, value) });
        }

        foreach (var entry in later.Entries)
            if (!earlier.Has(entry.Key.Text) && !IsReset(entry.Value))
                entries.Add(entry);
        return earlier.With(entries);
    }

    private static bool IsReset(ConfigNode value) => value is ScalarNode { IsReset: true };

    private static ConfigNode Merge(ConfigNode earlier, ConfigNode later) => (earlier, later) switch
    {
        (MapNode map, MapNode { IsWhole: false } change) => Merge(map, change),
        (MapNode map, { IsNull: true }) => map,
        _ => later,
    };
}
