using System.IO.Enumeration;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Walks a context folder in ordinal order and finds the entries to send. Ignored files are not opened, and an ignored folder
/// is not even listed, unless an exception could re-include something in it. Such a folder is then sent itself, before its
/// content, so that it keeps its mode and time, as with BuildKit.
/// </summary>
internal sealed class ContextWalk(string folder, IgnoreRules rules)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The entries to send; folders come before their content.</summary>
    /// <exception cref="CraneException">BuildFailed for a folder that cannot be listed or was removed.</exception>
    public IEnumerable<ContextEntry> Entries()
    {
        var root = new ContextEntry("", folder, IsFolder: true);
        var open = new List<OpenFolder> { new(root, rules.Root, List(folder, isIgnored: false)) { IsSent = true } };
        while (open.Count > 0)
        {
            if (!open[^1].Children.TryDequeue(out var child))
            {
                open.RemoveAt(open.Count - 1);
                continue;
            }

            var entry = open[^1].Entry(child);
            var verdict = rules.Judge(entry.Name, open[^1].Verdict);
            if (verdict.IsIgnored && !(entry.IsFolder && rules.CouldReinclude(entry.Name, verdict)))
                continue;
            if (entry.IsFolder)
                open.Add(new OpenFolder(entry, verdict, List(entry.Path, verdict.IsIgnored)));
            if (verdict.IsIgnored)
                continue;
            foreach (var above in open.Where(above => !above.IsSent))
            {
                above.IsSent = true;
                yield return above.Self;
            }

            if (!entry.IsFolder)
                yield return entry;
        }
    }

    private static Queue<Child> List(string path, bool isIgnored)
    {
        try
        {
            var children = new FileSystemEnumerable<Child>(path, Child.Of, Everything);
            return new Queue<Child>(children.OrderBy(child => child.Name, StringComparer.Ordinal));
        }
        catch (UnauthorizedAccessException) when (isIgnored)
        {
            return [];
        }
        catch (DirectoryNotFoundException missing)
        {
            throw ContextErrors.Gone(path, missing);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.Unreadable(path, exception);
        }
    }

    private readonly record struct Child(string Name, bool IsFolder)
    {
        // A link to a folder counts as a folder, too. The attributes cost a system call, so they are read only for folders.
        public static Child Of(ref FileSystemEntry entry) => new(
            entry.FileName.ToString(), entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
    }

    // A folder on the current path, with its remaining children.
    private sealed record OpenFolder(ContextEntry Self, IgnoreVerdict Verdict, Queue<Child> Children)
    {
        public bool IsSent { get; set; }

        public ContextEntry Entry(Child child) => new(
            Self.Name.Length == 0 ? child.Name : $"{Self.Name}/{child.Name}", Path.Join(Self.Path, child.Name), child.IsFolder);
    }
}

/// <summary>An entry of a build context.</summary>
/// <param name="Name">Its name in the context, with slashes, but none at the end.</param>
/// <param name="Path">Its full path.</param>
/// <param name="IsFolder">Whether it is a folder; otherwise a file, a symbolic link or a special file, found out when it is sent.</param>
internal sealed record ContextEntry(string Name, string Path, bool IsFolder = false)
{
    /// <summary>The content to send instead of the file; null for the file.</summary>
    public byte[]? Content { get; init; }
}
