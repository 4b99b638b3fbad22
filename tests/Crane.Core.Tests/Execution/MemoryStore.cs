using System.Collections.Concurrent;
using Crane.Building;
using Crane.Stores;

namespace Crane.Core.Tests.Execution;

/// <summary>
/// A local store and its registries in memory. Engines and registries are tested for real elsewhere; here it is the
/// order of calls that matters, and a test must be able to hold one of them back.
/// </summary>
internal sealed class MemoryStore : IImageStore
{
    private readonly ConcurrentDictionary<string, LocalImage> _local = new();
    private readonly ConcurrentDictionary<string, Digest> _remote = new();

    public string Name => "memory";

    /// <summary>Every call that changes something, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Runs inside each transfer; a test may wait, throw or report here.</summary>
    public Func<ImageName, IProgress<TransferProgress>, CancellationToken, Task> OnTransfer { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Runs where an image is looked for; a test may throw here.</summary>
    public Action<ImageName> OnFind { get; set; } = _ => { };

    public static Digest DigestOf(char fill) =>
        Digest.TryParse("sha256:" + new string(fill, 64), out var digest) ? digest : throw new ArgumentException("not hex", nameof(fill));

    public void AddLocal(string name, char fill, params string[] layers) =>
        _local[ImageName.Parse(name).FullName] = new LocalImage($"id-{fill}", new HashSet<Digest> { DigestOf(fill) }, layers);

    /// <summary>Gives a local image the label that says what it was built from.</summary>
    public void Label(string name, BuildInputs inputs)
    {
        var key = ImageName.Parse(name).FullName;
        _local[key] = _local[key] with { InputLabel = inputs.ToString(), ContentHash = _local[key].Id };
    }

    public void AddRemote(string name, char fill) => _remote[ImageName.Parse(name).FullName] = DigestOf(fill);

    public string? LocalId(string name) => _local.GetValueOrDefault(ImageName.Parse(name).FullName)?.Id;

    public Task<LocalImage?> FindAsync(ImageName image, CancellationToken cancellation)
    {
        OnFind(image);
        return Task.FromResult(_local.GetValueOrDefault(image.FullName));
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
        _local.TryRemove(image.FullName, out _);
        return Task.CompletedTask;
    }

    public Task<RemoteImage> ResolveAsync(ImageName remote, CancellationToken cancellation) =>
        Task.FromResult(_remote.TryGetValue(remote.FullName, out var digest) ? RemoteImage.Present(digest) : RemoteImage.Absent);

    public async Task<Digest?> PullAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        Calls.Enqueue($"pull {remote}");
        await OnTransfer(remote, progress, cancellation);
        var digest = remote.ContentDigest ?? _remote.GetValueOrDefault(remote.FullName)
            ?? throw new CraneException(CraneErrorId.ImageNotFound, $"No image {remote}.");
        _local[remote.FullName] = new LocalImage($"id-{digest.Hex[0]}", new HashSet<Digest> { digest }, []);
        return digest;
    }

    public async Task<Digest?> PushAsync(ImageName remote, IProgress<TransferProgress> progress, CancellationToken cancellation)
    {
        Calls.Enqueue($"push {remote}");
        await OnTransfer(remote, progress, cancellation);
        var digest = _local[remote.FullName].Digests.Single();
        _remote[remote.FullName] = digest;
        return digest;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
