using System.Security.Cryptography;
using System.Text;
using Crane.Building;

namespace Crane.Adapters.Building.Inputs;

/// <summary>What a builder would be sent of a context at some time, as hashes.</summary>
/// <param name="dockerfile">The Dockerfile's hash.</param>
/// <param name="hash">The hash of everything else.</param>
/// <param name="entries">Everything else, in the order in which it is sent.</param>
internal sealed class ContextSnapshot(string dockerfile, string hash, IReadOnlyList<HashedEntry> entries)
{
    private Dictionary<string, HashedEntry>? _byName;

    public string Dockerfile => dockerfile;

    public string Hash => hash;

    public IReadOnlyList<HashedEntry> Entries => entries;

    public static ContextSnapshot Of(string dockerfile, IReadOnlyList<HashedEntry> entries)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
            all.AppendData(Encoding.UTF8.GetBytes($"{entry.Name}\0{entry.Hash}"));
        return new ContextSnapshot(dockerfile, BuildInputs.Hash(all.GetHashAndReset()), entries);
    }

    /// <summary>The entry of that name; null for none.</summary>
    public HashedEntry? Find(string name) =>
        (_byName ??= Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal)).GetValueOrDefault(name);

    /// <summary>What is different from an earlier snapshot, as a clause.</summary>
    /// <param name="earlier">The earlier one; it is different.</param>
    /// <param name="folder">What names are shown with before them.</param>
    public string ChangeSince(ContextSnapshot earlier, string folder)
    {
        var changes = Entries.Where(entry => earlier.Find(entry.Name)?.Hash != entry.Hash)
            .Select(entry => $"{folder}{entry.Name} {(earlier.Find(entry.Name) is null ? "added" : "changed")}")
            .Concat(earlier.Entries.Where(entry => Find(entry.Name) is null).Select(entry => $"{folder}{entry.Name} removed"))
            .ToList();
        return changes.Count == 1 ? changes[0] : $"{changes[0]}, and {changes.Count - 1} more";
    }
}

/// <summary>An entry of a context, and what it was like.</summary>
/// <param name="Name">Its name in the context.</param>
/// <param name="Stamp">By which it is known to be as it was; null where that is not to be had, or came too late.</param>
/// <param name="Hash">The hash of what is sent of it.</param>
internal sealed record HashedEntry(string Name, FileStamp? Stamp, string Hash);
