using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Moving.Engine;

/// <summary>What moves between registries and a local store.</summary>
internal interface IRegistryTransfer
{
    /// <summary>What the registry has under that name now. An image that is absent is an answer, not an error.</summary>
    /// <exception cref="CraneException">RegistryUnauthorized, RegistryUnreachable, EngineUnreachable.</exception>
    Task<RemoteImage> ResolveAsync(ImageName remote, CancellationToken cancellation);

    /// <summary>Pulls an image under its remote name; by its digest where the name has one.</summary>
    /// <returns>The digest that was pulled, null where the store does not say.</returns>
    /// <exception cref="CraneException">
    /// ImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PullFailed, also where the store ends without
    /// a word of success.
    /// </exception>
    Task<Digest?> PullAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation);

    /// <summary>Pushes the local image of that name; a digest in the name is not looked at.</summary>
    /// <returns>The digest that the registry has now, null where the store does not say.</returns>
    /// <exception cref="CraneException">
    /// LocalImageNotFound, RegistryUnauthorized, RegistryUnreachable, EngineUnreachable; PushFailed, also where the store ends
    /// without a word of success.
    /// </exception>
    Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation);
}

/// <summary>What a registry answered for a name.</summary>
/// <param name="State">Whether it is there.</param>
/// <param name="Digest">The digest of the manifest or index, where it is there.</param>
internal sealed record RemoteImage(RemoteState State, Digest? Digest)
{
    /// <summary>The kind of that manifest; null where that is not known.</summary>
    public string? MediaType { get; init; }

    /// <summary>The platforms that it is for, as far as they are known.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    public static RemoteImage Absent => new(RemoteState.Absent, null);

    public static RemoteImage Unknown => new(RemoteState.Unknown, null);

    public static RemoteImage Present(Digest digest) => new(RemoteState.Present, digest);
}

/// <summary>Whether a registry has an image.</summary>
internal enum RemoteState
{
    /// <summary>The store has no way to ask; only moving the image tells.</summary>
    Unknown,

    /// <summary>The registry has no such image.</summary>
    Absent,

    /// <summary>The registry has it.</summary>
    Present,
}
