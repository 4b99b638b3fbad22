using System.Collections.Immutable;
using System.Globalization;
using Crane.Adapters.Yaml;
using Crane.CraneFile.Nodes;
using Crane.Errors;
using Crane.Locking;
using Crane.Names;

namespace Crane.Adapters.Locking;

/// <summary>Reads a lock file, strictly: a mistake in it could let another image in.</summary>
internal sealed class LockReader
{
    private const string WriteAgain = "Take the file from your last commit, and run Update-CraneLock.";

    // What Crane of a later minor version adds is not ignored.
    private readonly string _version;

    private LockReader(string version) => _version = version;

    /// <exception cref="CraneException">LockInvalid; the errors of <see cref="YamlDocument.Read"/>.</exception>
    public static CraneLock Read(SourceFile file)
    {
        RefuseConflict(file);
        var document = YamlDocument.Read(file);
        if (document.MapsWithDuplicates is [var map, ..])
            throw Invalid(
                map.Duplicates[0].Second, $"duplicate key '{map.Duplicates[0].Second.Text}', first in line {map.Duplicates[0].First.Line}");
        if (document.Root is not MapNode root)
            throw Invalid(document.Root, $"a lock file must be a map, not {document.Root.Kind}");
        return new LockReader(VersionOf(root)).ReadRoot(root);
    }

    private static void RefuseConflict(SourceFile file)
    {
        var number = 0;
        foreach (var line in file.Text.Split('\n'))
        {
            number++;
            if (line.StartsWith("<<<<<<< ", StringComparison.Ordinal) || line.StartsWith(">>>>>>> ", StringComparison.Ordinal)
                || line.TrimEnd('\r') == "=======")
            {
                var location = file.Locate(number, 1);
                throw new CraneException(
                    CraneErrorId.LockInvalid, $"{location}: the lock file has a merge conflict.",
                    $"Take one side, as with 'git checkout --ours {CraneLock.FileName}', then run Update-CraneLock.")
                { Location = location };
            }
        }
    }

    private static string VersionOf(MapNode root)
    {
        if (root.Find(LockKeys.Version) is not { } node)
            throw Invalid(root, $"the key '{LockKeys.Version}' is missing");
        var version = Text(node, LockKeys.Version);
        var parts = version.Split('.');
        if (parts.Length > 2 || !parts.All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            throw Invalid(node, $"'{version}' is not a version of lock files; this Crane writes {LockKeys.KnownVersion}");
        return parts[0] == LockKeys.KnownVersion
            ? version
            : throw Invalid(
                node, $"the lock file has version {version}, and this Crane reads {LockKeys.KnownVersion}",
                "Use the version of Crane that wrote it.");
    }

    private CraneLock ReadRoot(MapNode root)
    {
        RefuseUnknown(root, LockKeys.Version, LockKeys.Images, LockKeys.Bases, LockKeys.Pushed);
        return new CraneLock
        {
            Images = Each(root, LockKeys.Images, (_, value) => Image(value, Name(Required(value, LockKeys.Reference)))),
            Bases = Each(root, LockKeys.Bases, (key, value) =>
            {
                var name = FullName(key);
                return Image(value, value.Find(LockKeys.Reference) is { } reference ? Name(reference) : name);
            }),
            Pushed = Each(root, LockKeys.Pushed, (_, value) => Map(value.Entries, (target, digest) =>
            {
                FullName(target);
                return ReadDigest(digest, target.Text);
            })),
        };
    }

    private static ImmutableSortedDictionary<string, T> Each<T>(MapNode root, string section, Func<ScalarNode, MapNode, T> read) =>
        root.Find(section) is { IsNull: false } node
            ? Map(MapOf(node, section).Entries, (key, value) => read(key, MapOf(value, key.Text)))
            : CraneLock.Sorted<T>();

    private static ImmutableSortedDictionary<string, T> Map<T>(IEnumerable<MapEntry> entries, Func<ScalarNode, ConfigNode, T> read) =>
        CraneLock.Sorted<T>().AddRange(entries.Select(entry => KeyValuePair.Create(entry.Key.Text, read(entry.Key, entry.Value))));

    private LockedImage Image(MapNode map, ImageName reference)
    {
        RefuseUnknown(map, LockKeys.Reference, LockKeys.Digest, LockKeys.Seen, LockKeys.Held);
        return new LockedImage(reference, Seen(map)) { Held = map.Find(LockKeys.Held) is { IsNull: false } held ? Held(held) : null };
    }

    private SeenDigest Held(ConfigNode node)
    {
        var map = MapOf(node, LockKeys.Held);
        RefuseUnknown(map, LockKeys.Digest, LockKeys.Seen);
        return Seen(map);
    }

    private static SeenDigest Seen(MapNode map)
    {
        var node = Required(map, LockKeys.Seen);
        var time = Text(node, LockKeys.Seen);
        return new SeenDigest(
            ReadDigest(Required(map, LockKeys.Digest), LockKeys.Digest),
            DateTimeOffset.TryParseExact(
                time, LockKeys.ReadTime, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var seen)
                ? seen
                : throw Invalid(node, $"'{time}' is not a time, as in 2026-07-10T09:00:00Z"));
    }

    private static Digest ReadDigest(ConfigNode node, string key) => Digest.TryParse(Text(node, key), out var digest)
        ? digest
        : throw Invalid(node, $"'{Text(node, key)}' is not a digest");

    private static ImageName Name(ConfigNode node) => ImageName.TryParse(Text(node, LockKeys.Reference), out var name)
        ? name
        : throw Invalid(node, $"'{Text(node, LockKeys.Reference)}' is not an image name");

    private static ImageName FullName(ScalarNode key) =>
        !ImageName.TryParse(key.Text, out var name) ? throw Invalid(key, $"'{key.Text}' is not an image name")
        : name.FullName == key.Text ? name
        : throw Invalid(key, $"'{key.Text}' is not a full name; write '{name.FullName}'");

    private static ConfigNode Required(MapNode map, string key) => map.Find(key) ?? throw Invalid(map, $"the key '{key}' is missing");

    private static string Text(ConfigNode node, string key) => node is ScalarNode { IsNull: false } scalar
        ? scalar.Text
        : throw Invalid(node, $"'{key}' must be a string, not {node.Kind}");

    private static MapNode MapOf(ConfigNode node, string key) =>
        node as MapNode ?? throw Invalid(node, $"'{key}' must be a map, not {node.Kind}");

    private void RefuseUnknown(MapNode map, params string[] known)
    {
        if (map.Entries.FirstOrDefault(entry => !known.Contains(entry.Key.Text)) is not { } unknown)
            return;
        throw _version == LockKeys.KnownVersion
            ? Invalid(
                unknown.Key, $"unknown key '{unknown.Key.Text}'",
                NearMatch.DidYouMean(known, unknown.Key.Text, limit: 1).TrimStart() is { Length: > 0 } near ? near : WriteAgain)
            : Invalid(
                unknown.Key,
                $"unknown key '{unknown.Key.Text}': a newer version of Crane wrote this lock file, of version {_version}", "Update Crane.");
    }

    private static CraneException Invalid(ConfigNode node, string problem, string advice = WriteAgain) => new(
        CraneErrorId.LockInvalid, $"{node.Location}: {problem}.", advice)
    { Location = node.Location };
}

/// <summary>The keys of a lock file.</summary>
internal static class LockKeys
{
    public const string KnownVersion = "1";

    public const string Version = "version";
    public const string Images = "images";
    public const string Bases = "bases";
    public const string Pushed = "pushed";
    public const string Reference = "reference";
    public const string Digest = "digest";
    public const string Seen = "seen";
    public const string Held = "held";

    public const string WrittenTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    public const string ReadTime = "yyyy-MM-dd'T'HH:mm:ssK";
}
