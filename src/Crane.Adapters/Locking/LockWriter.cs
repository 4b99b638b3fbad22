using System.Globalization;
using System.Text;
using Crane.Locking;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Crane.Adapters.Locking;

/// <summary>
/// Writes a lock file in one form: sorted, each value in a line of its own, so that git merges changes of different images. The same lock
/// gives the same bytes everywhere.
/// </summary>
internal static class LockWriter
{
    private const string Comment = " Written by Update-CraneLock. Commit it; see Get-Help about_Crane.";

    // Longer keys would be written with a question mark; this is the longest that a reader must accept.
    private const int LongestKey = 1024;

    public static byte[] Bytes(CraneLock content)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, false, LongestKey).WithNewLine("\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, true));
        emitter.Emit(new YamlDotNet.Core.Events.Comment(Comment.Trim(), false));
        Write(emitter, Document(content));
        emitter.Emit(new DocumentEnd(true));
        emitter.Emit(new StreamEnd());
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<(string Key, object Value)> Document(CraneLock content)
    {
        List<(string, object)> document = [(LockKeys.Version, LockKeys.KnownVersion)];
        if (content.Images.Count > 0)
            document.Add((LockKeys.Images, Entries(content.Images, hasReference: true)));
        if (content.Bases.Count > 0)
            document.Add((LockKeys.Bases, Entries(content.Bases, hasReference: false)));
        if (content.Pushed.Count > 0)
            document.Add((LockKeys.Pushed, content.Pushed.Select(container => (
                container.Key,
                (object)container.Value.Select(target => (target.Key, (object)target.Value.ToString())).ToList())).ToList()));
        return document;
    }

    private static List<(string Key, object Value)> Entries(IEnumerable<KeyValuePair<string, LockedImage>> entries, bool hasReference) =>
        entries.Select(entry => (entry.Key, (object)Entry(entry.Key, entry.Value, hasReference))).ToList();

    // The key of a base is its reference, unless the crane file says to pull it from elsewhere.
    private static List<(string Key, object Value)> Entry(string key, LockedImage image, bool hasReference)
    {
        List<(string, object)> entry = hasReference || image.Reference.FullName != key
            ? [(LockKeys.Reference, image.Reference.RemoteName)]
            : [];
        entry.AddRange(Seen(image.Current));
        if (image.Held is not null)
            entry.Add((LockKeys.Held, Seen(image.Held)));
        return entry;
    }

    private static List<(string Key, object Value)> Seen(SeenDigest seen) =>
    [
        (LockKeys.Digest, seen.Digest.ToString()),
        (LockKeys.Seen, seen.Seen.UtcDateTime.ToString(LockKeys.WrittenTime, CultureInfo.InvariantCulture)),
    ];

    private static void Write(Emitter emitter, List<(string Key, object Value)> map)
    {
        emitter.Emit(new MappingStart());
        foreach (var (key, value) in map)
        {
            emitter.Emit(Scalar(key));
            if (value is List<(string, object)> inner)
                Write(emitter, inner);
            else
                emitter.Emit(Scalar((string)value));
        }

        emitter.Emit(new MappingEnd());
    }

    // The name of a container can be anything, such as "null", "<<" or "a: b".
    private static Scalar Scalar(string value) => new(
        AnchorName.Empty, TagName.Empty, value, IsPlain(value) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, true, true);

    private static bool IsPlain(string value) => value is not ("" or "null" or "Null" or "NULL")
        && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/' or ':' or '@')
        && char.IsAsciiLetterOrDigit(value[0]) && value[^1] != ':';
}
