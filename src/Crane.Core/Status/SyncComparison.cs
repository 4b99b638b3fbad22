using Crane.Comparing;
using Crane.Names;
using Crane.Oci;

namespace Crane.Status;

/// <summary>
/// Compares a local image with one in a registry, as git compares a branch with its remote. The image that the store has under the
/// remote name is what was last seen there: the remote-tracking branch.
/// </summary>
/// <param name="Local">The image with the plain name; null for none.</param>
/// <param name="Tracking">The image with the remote name; null if that was removed, or never was.</param>
/// <param name="Name">The remote name.</param>
internal sealed record SyncComparison(LocalImage? Local, LocalImage? Tracking, ImageName Name)
{
    // Without the name, the digests that the store remembers of the image say that it has been in that repository.
    private LocalImage? LastSeen => Tracking
        ?? (Local?.Origins.Any(origin => origin.RepositoryKey == Name.RepositoryKey) == true ? Local : null);

    /// <summary>Whether the image in the registry has to be read, since its digest does not tell enough.</summary>
    public bool NeedsFacts(Digest remote) =>
        Local?.Digests.Contains(remote) != true && (Local is null || LastSeen?.Digests.Contains(remote) != true);

    /// <summary>The outcome.</summary>
    /// <param name="remote">The digest that the registry has; null for none.</param>
    /// <param name="facts">The image in the registry; null if it was not read.</param>
    public SyncOutcome With(Digest? remote, RemoteImageFacts? facts)
    {
        var digest = remote?.ToString();
        if (Local is null)
            return new SyncOutcome(SyncState.Missing) { Digest = digest, Bytes = Bytes(facts), IsPublished = remote is not null };
        if (remote is null)
            return new SyncOutcome(SyncState.Unpublished) { IsPublished = false };
        if (IsRemote(Local) || (LastSeen is { } seen && IsRemote(seen) && Local.IsSameAs(seen)))
            return SyncOutcome.UpToDate(digest);

        var isSeen = LastSeen is not null && IsRemote(LastSeen);
        var state = LastSeen is null ? SyncState.Unknown
            : isSeen ? SyncState.Ahead
            : Local.IsSameAs(LastSeen) ? SyncState.Behind
            : SyncState.Diverged;
        var outcome = Counted(state, facts is null && isSeen ? LastSeen!.Layers : facts?.DiffIds) with
        {
            Digest = digest,
            Bytes = isSeen ? 0 : Bytes(facts),
        };
        return outcome.State == SyncState.Unknown
            ? outcome with { Reason = $"{Name} is another image, and nothing here says what it was before" }
            : outcome;

        bool IsRemote(LocalImage image) => image.Digests.Contains(remote) || facts?.IsSameAs(image) == true;
    }

    /// <summary>The outcome for a local image that is not for the platform to pull.</summary>
    public SyncOutcome ForAnother(ImagePlatform platform, Digest remote, RemoteImageFacts facts) => new(SyncState.Behind)
    {
        Digest = remote.ToString(),
        Bytes = Bytes(facts),
        Reason = $"the local image is for {string.Join(", ", Local!.Platforms)}, the one to pull for {platform}",
    };

    /// <summary>The outcome without the registry: what was last seen there stands for it.</summary>
    public SyncOutcome Offline()
    {
        var digest = (Tracking ?? Local)?.Origins.FirstOrDefault(origin => origin.RepositoryKey == Name.RepositoryKey)?.Digest
            ?? Tracking?.PushDigest?.ToString();
        if (Local is null)
            return new SyncOutcome(SyncState.Missing) { Digest = digest };
        if (LastSeen is null)
            return SyncOutcome.Unknown($"nothing here says what {Name} is");
        return Local.IsSameAs(LastSeen)
            ? SyncOutcome.UpToDate(digest)
            : Counted(SyncState.Ahead, LastSeen.Layers) with { Digest = digest, Bytes = 0 };
    }

    /// <summary>Counts the layers after the common ones; without any, images that are not known to be related are not.</summary>
    private SyncOutcome Counted(SyncState state, IReadOnlyList<string>? remote)
    {
        var local = Local!.Layers;
        if (remote is null)
            return new SyncOutcome(state);
        var common = local.Zip(remote).TakeWhile(pair => pair.First == pair.Second).Count();
        if (common == 0 && local.Count > 0 && remote.Count > 0)
            return new SyncOutcome(state is SyncState.Diverged or SyncState.Unknown ? SyncState.Unrelated : state);
        return new SyncOutcome(state) { Ahead = local.Count - common, Behind = remote.Count - common };
    }

    private long? Bytes(RemoteImageFacts? facts) =>
        facts?.BytesWithout(new[] { Local, Tracking }.OfType<LocalImage>().SelectMany(image => image.Layers).ToHashSet());
}

/// <summary>The outcome of a comparison.</summary>
internal sealed record SyncOutcome(SyncState State)
{
    /// <summary>The digest in the registry; null for none, or if unknown.</summary>
    public string? Digest { get; init; }

    /// <summary>Layers that only the local image has, after the common ones; null if unknown.</summary>
    public int? Ahead { get; init; }

    /// <summary>Layers that only the image in the registry has, after the common ones; null if unknown.</summary>
    public int? Behind { get; init; }

    /// <summary>Compressed bytes of the layers that are not in the local store; null if unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Whether the registry has the image, as far as is known.</summary>
    public bool IsPublished { get; init; } = true;

    /// <summary>Why it is unknown or skipped; empty if there is nothing to say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The registry to log in to, if that is why it is unknown; otherwise null.</summary>
    public string? LogIn { get; init; }

    public static SyncOutcome UpToDate(string? digest) =>
        new(SyncState.UpToDate) { Digest = digest, Ahead = 0, Behind = 0, Bytes = 0 };

    public static SyncOutcome Skipped(string reason) => new(SyncState.Skipped) { Reason = reason };

    public static SyncOutcome Unknown(string reason) => new(SyncState.Unknown) { Reason = reason };
}
