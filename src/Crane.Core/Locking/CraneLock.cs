using System.Collections.Immutable;
using Crane.Names;

namespace Crane.Locking;

/// <summary>
/// The content of a lock file: the digests that were agreed on. A change that changes nothing gives an equal lock; locks that were read
/// separately are never equal.
/// </summary>
internal sealed record CraneLock
{
    /// <summary>The name of the file, beside the first crane file.</summary>
    public const string FileName = "crane.lock";

    public static CraneLock Empty { get; } = new();

    /// <summary>The images that are pulled, by container.</summary>
    public ImmutableSortedDictionary<string, LockedImage> Images { get; init; } = Sorted<LockedImage>();

    /// <summary>The images that Dockerfiles name and no container has, by full name.</summary>
    public ImmutableSortedDictionary<string, LockedImage> Bases { get; init; } = Sorted<LockedImage>();

    /// <summary>What the targets of pushes had, by container and full name: several people share one lock, and an image may have several
    /// targets.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Digest>> Pushed { get; init; } =
        Sorted<ImmutableSortedDictionary<string, Digest>>();

    /// <summary>An empty dictionary in the order of the file.</summary>
    public static ImmutableSortedDictionary<string, T> Sorted<T>() =>
        ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The lock file of a crane file.</summary>
    public static string PathBeside(string craneFile) => Path.Join(Path.GetDirectoryName(craneFile), FileName);

    /// <summary>The digest that a container's push target had; null if the lock does not say.</summary>
    public Digest? PushedTo(string container, ImageName target) =>
        Pushed.GetValueOrDefault(container)?.GetValueOrDefault(target.WithoutDigest().FullName);
}

/// <summary>A locked image.</summary>
/// <param name="Reference">The name that it was looked up by; information for people, whose registries may differ.</param>
/// <param name="Current">The digest that was agreed on.</param>
internal sealed record LockedImage(ImageName Reference, SeenDigest Current)
{
    /// <summary>A newer digest that is still too young; null for none.</summary>
    public SeenDigest? Held { get; init; }

    /// <summary>
    /// Whether a name means the same image. Registry, prefix and user may differ from person to person, so only the last part of the path
    /// and the tag count. That cannot give another image: it is taken by its digest.
    /// </summary>
    public bool IsOf(ImageName reference) => Reference.TagOrDefault == reference.TagOrDefault && LastOf(Reference) == LastOf(reference);

    private static string LastOf(ImageName name) => name.Repository[(name.Repository.LastIndexOf('/') + 1)..];
}

/// <summary>A digest, and when it was first seen under its tag, in whole seconds.</summary>
internal sealed record SeenDigest(Digest Digest, DateTimeOffset Seen);

/// <summary>Lock files on disk.</summary>
internal interface ILockFiles
{
    /// <summary>Reads a lock file; null if there is none.</summary>
    /// <exception cref="CraneException">LockInvalid.</exception>
    CraneLock? Read(string path);

    /// <summary>Writes a lock file, whole or not at all.</summary>
    /// <exception cref="CraneException">FileNotWritten.</exception>
    void Write(string path, CraneLock content);
}
