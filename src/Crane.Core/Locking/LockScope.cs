using Crane.CraneFile.Model;

namespace Crane.Locking;

/// <summary>What an update of a lock looks up, and which entries of the lock it is responsible for.</summary>
/// <param name="Subjects">The entries to look up.</param>
/// <param name="Containers">The names of all selected containers, also of those with errors.</param>
/// <param name="IsWhole">Whether that is the whole stack, so that all other entries are no longer needed.</param>
/// <param name="Errors">The containers that cannot be locked; their entries stay.</param>
internal sealed record LockScope(
    IReadOnlyList<LockSubject> Subjects, IReadOnlySet<string> Containers, bool IsWhole, IReadOnlyList<CraneException> Errors)
{
    private readonly HashSet<string> _failed =
        [.. Errors.Select(error => error.Subject).OfType<CraneContainer>().Select(container => container.Name)];

    /// <summary>The entries that a lock of these containers has. Images that are named by digest need none.</summary>
    /// <param name="imagesOf">Reads the names of the images in the Dockerfile of a build.</param>
    /// <param name="declared">Finds an image in the crane files; null if the containers say it themselves.</param>
    /// <param name="minimumAge">Overrides the minimum age of the containers; null keeps it.</param>
    public static LockScope Of(
        IReadOnlyList<CraneContainer> containers,
        Func<ContainerBuild, IEnumerable<string>> imagesOf,
        Func<ImageName, DeclaredBase?>? declared,
        bool isWhole,
        TimeSpan? minimumAge)
    {
        List<LockSubject> subjects = [];
        List<CraneException> errors = [];
        foreach (var container in containers)
        {
            try
            {
                subjects.AddRange(Of(container, imagesOf, declared, minimumAge).ToList());
            }
            catch (Exception failure) when (CraneException.IsFailure(failure))
            {
                errors.Add(CraneException.From(failure).About(container));
            }
        }

        return new LockScope(
            [.. subjects.GroupBy(subject => (subject.Entry, subject.Key, subject.Reference))
                .Select(same => same.First() with { MinimumAge = same.Max(subject => subject.MinimumAge) })],
            containers.Select(container => container.Name).ToHashSet(StringComparer.Ordinal),
            isWhole && errors.Count == 0,
            errors);
    }

    /// <summary>Whether an entry that is not looked up is no longer needed.</summary>
    public bool IsObsolete(LockEntry entry, string key) => Subjects.All(subject => subject.Entry != entry || subject.Key != key)
        && (entry == LockEntry.Base || !Containers.Contains(key) ? IsWhole : !_failed.Contains(key));

    private static IEnumerable<LockSubject> Of(
        CraneContainer container,
        Func<ContainerBuild, IEnumerable<string>> imagesOf,
        Func<ImageName, DeclaredBase?>? declared,
        TimeSpan? minimumAge)
    {
        var names = new ContainerNames(container);
        if (names.Pulled() is { ContentDigest: null } source)
            yield return Subject(LockEntry.Image, container.Name, source);
        foreach (var target in names.Pushed())
            yield return Subject(LockEntry.Push, container.Name, target.WithoutDigest());
        foreach (var name in Images(container, imagesOf))
        {
            if (!ImageName.TryParse(name, out var image))
                continue;
            var found = declared is null ? Declaration(container, image) : declared(image);
            if (LockedName.Of(image, found) is { Entry: LockEntry.Base } key)
                yield return Subject(LockEntry.Base, key.Key, key.Reference);
        }

        LockSubject Subject(LockEntry entry, string key, ImageName reference) => new(entry, key, reference, container)
        {
            MinimumAge = minimumAge ?? container.MinimumAge ?? TimeSpan.Zero,
        };
    }

    private static IReadOnlyList<string> Images(CraneContainer container, Func<ContainerBuild, IEnumerable<string>> imagesOf)
    {
        try
        {
            return container.Build is { } build ? [.. imagesOf(build)] : [];
        }
        catch (CraneException error)
        {
            throw container.LocateBuild(error);
        }
    }

    private static DeclaredBase? Declaration(CraneContainer container, ImageName image) =>
        container.DeclaredBase?.FirstOrDefault(entry => ImageName.TryParse(entry.Name, out var name) && name == image);
}

/// <summary>An entry of a lock to look up.</summary>
/// <param name="Key">The key of the entry: a container, or the full name of a base.</param>
/// <param name="Reference">The name to look up in its registry.</param>
/// <param name="Container">The container that needs the entry; the first one of several.</param>
internal sealed record LockSubject(LockEntry Entry, string Key, ImageName Reference, CraneContainer Container)
{
    /// <summary>How long a new digest waits; the longest of several containers.</summary>
    public TimeSpan MinimumAge { get; init; }
}

/// <summary>The entry of an image in a Dockerfile, and where the image comes from.</summary>
internal sealed record LockedName(LockEntry Entry, string Key, ImageName Reference)
{
    /// <summary>Null for an image that needs none: it is named by digest, or only built here.</summary>
    /// <param name="declared">Its declaration in the crane file; null for none.</param>
    public static LockedName? Of(ImageName name, DeclaredBase? declared)
    {
        if (name.ContentDigest is not null)
            return null;
        if (declared is null)
            return new LockedName(LockEntry.Base, name.FullName, name);
        if (!ImageName.TryParse(declared.PullReference, out var reference) || reference.ContentDigest is not null)
            return null;
        return declared.Container is { } container
            ? new LockedName(LockEntry.Image, container, reference)
            : new LockedName(LockEntry.Base, name.FullName, reference);
    }
}
