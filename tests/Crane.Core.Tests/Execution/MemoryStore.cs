using System.Collections.Concurrent;
using Crane.Building;
using Crane.Comparing;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Names;
using Crane.Oci;

namespace Crane.Core.Tests.Execution;

/// <summary>
/// A local store and its registries in memory. Engines and registries are tested for real elsewhere; here it is the
/// order of calls that matters, and a test must be able to hold one of them back.
/// </summary>
internal sealed class MemoryStore : IImageStore
{
    private readonly ConcurrentDictionary<string, LocalImage> _local = new();
    private readonly ConcurrentDictionary<string, RemoteImage> _remote = new();

    public string Name => "memory";

    /// <summary>Every call that changes something, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Runs inside each transfer; a test may wait, throw or report here.</summary>
    public Func<ImageName, IProgress<TransferProgress>, CancellationToken, Task> OnTransfer { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Runs where an image is looked for; a test may throw here.</summary>
    public Action<ImageName> OnFind { get; set; } = _ => { };

    /// <summary>Runs where a name is taken away; a test may throw here.</summary>
    public Action OnUntag { get; set; } = () => { };

    public static Digest DigestOf(char fill) =>
        Digest.TryParse("sha256:" + new string(fill, 64), out var digest) ? digest : throw new ArgumentException("not hex", nameof(fill));

    /// <summary>An image that has been in a registry, but for what a test says of it.</summary>
    public void AddLocal(string name, char fill, params string[] layers) => AddLocal(name, Image(fill) with { Layers = layers });

    public void AddLocal(string name, LocalImage image) => _local[ImageName.Parse(name).FullName] = image;

    /// <summary>Gives a local image the label that says what it was built from.</summary>
    public void Label(string name, BuildInputs inputs)
    {
        var key = ImageName.Parse(name).FullName;
        _local[key] = _local[key] with { InputLabel = inputs.ToString(), ContentHash = _local[key].Id };
    }

    public void AddRemote(string name, char fill) => _remote[ImageName.Parse(name).FullName] = RemoteImage.Present(DigestOf(fill));

    public void AddRemote(string name, RemoteImage image) => _remote[ImageName.Parse(name).FullName] = image;

    /// <summary>An image with an origin.</summary>
    public static LocalImage Image(char fill) => BuiltImage(fill) with { Origins = [ImageName.Parse($"r.co/origin@{DigestOf(fill)}")] };

    /// <summary>An image that was built here, in a store that gives each a digest.</summary>
    public static LocalImage BuiltImage(char fill) =>
        new($"id-{fill}", new HashSet<Digest> { DigestOf(fill) }, []) { ContentHash = $"content-{fill}", PushDigest = DigestOf(fill) };

    public string? LocalId(string name) => _local.GetValueOrDefault(ImageName.Parse(name).FullName)?.Id;

    public Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation)
    {
        OnFind(image);
        return Task.FromResult(_local.GetValueOrDefault(image.FullName) is { } found ? found with { Names = NamesOf(found.Id) } : null);
    }

    public Task TagAsync(LocalImage image, ImageName target, CancellationToken cancellation)
    {
        Calls.Enqueue($"tag {image.Id} {target}");
        _local[target.FullName] = image;
        return Task.CompletedTask;
    }

    public Task TagAsync(ImageName source, ImageName target, CancellationToken cancellation)
    {
        Calls.Enqueue($"tag {source} {target}");
        _local[target.FullName] = _local[source.FullName];
        return Task.CompletedTask;
    }

    public Task UntagAsync(ImageName image, CancellationToken cancellation)
    {
        Calls.Enqueue($"untag {image}");
        OnUntag();
        _local.TryRemove(image.FullName, out _);
        return Task.CompletedTask;
    }

    public Task<RemoteImage> FindRemoteAsync(ImageName remote, CancellationToken cancellation) =>
        Task.FromResult(_remote.GetValueOrDefault(remote.FullName) ?? RemoteImage.Absent);

    public async Task<Digest?> PullAsync(
        ImageName remote, ImagePlatform? platform, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        Calls.Enqueue($"pull {remote}");
        await OnTransfer(remote, progress, cancellation);
        var digest = remote.ContentDigest ?? _remote.GetValueOrDefault(remote.FullName)?.Digest
            ?? throw new CraneException(CraneErrorId.ImageNotFound, $"No image {remote}.");
        _local[remote.FullName] = Image(digest.Hex[0]);
        return digest;
    }

    public async Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        Calls.Enqueue($"push {remote}");
        await OnTransfer(remote, progress, cancellation);
        var digest = _local[remote.FullName].Digests.Single();
        _remote[remote.FullName] = RemoteImage.Present(digest);
        return digest;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private List<ImageName> NamesOf(string id) =>
        _local.Where(entry => entry.Value.Id == id).Select(entry => ImageName.Parse(entry.Key)).ToList();
}
