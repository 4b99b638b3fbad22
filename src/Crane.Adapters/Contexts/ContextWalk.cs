using System.IO.Enumeration;

namespace Crane.Adapters.Contexts;

/// <summary>
/// Walks over a context folder in ordinal order and finds what is to be sent. What is ignored is not opened, and an
/// ignored folder is not even listed, unless an exception could bring back something in it. Such a folder is then sent
/// itself, before what it holds, so that it keeps its mode and time: BuildKit does so.
/// </summary>
internal sealed class ContextWalk(string folder, IgnoreRules rules)
{
    private static readonly EnumerationOptions _everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>All there is to send; folders come before what they hold.</summary>
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
            var children = new FileSystemEnumerable<Child>(path, Child.Of, _everything);
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
        // A link to a folder says that it is a folder, too. Only what says so is asked further: that costs a system call.
        public static Child Of(ref FileSystemEntry entry) => new(
            entry.FileName.ToString(), entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
    }

    // A folder above what is being looked at, or that itself, with those of its children that are still to come.
    private sealed record OpenFolder(ContextEntry Self, IgnoreVerdict Verdict, Queue<Child> Children)
    {
        public bool IsSent { get; set; }

        public ContextEntry Entry(Child child) => new(
            Self.Name.Length == 0 ? child.Name : $"{Self.Name}/{child.Name}", Path.Join(Self.Path, child.Name), child.IsFolder);
    }
}

/// <summary>Something to send with a build context.</summary>
/// <param name="Name">Its name in the context, with slashes and none at the end.</param>
/// <param name="Path">Where it is on disk.</param>
/// <param name="IsFolder">A folder; otherwise a file, a symbolic link or a special file, as is found when it is sent.</param>
internal sealed record ContextEntry(string Name, string Path, bool IsFolder = false)
{
    /// <summary>What is sent in place of the file on disk; null for what is there.</summary>
    public byte[]? Content { get; init; }
}
