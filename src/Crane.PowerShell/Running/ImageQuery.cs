using System.Collections;
using System.Threading.Channels;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Oci;

namespace Crane.Running;

/// <summary>Looks up an image or repository, and emits the results.</summary>
internal delegate Task Lookup<T>(T reader, bool isLocal, ImageRequest request, Func<object, Task> emit, CancellationToken cancellation);

/// <summary>
/// Looks up images while they arrive from the pipeline, and writes the results in their order. With -Credential or registry
/// settings it starts at the end of the input, when all images are known.
/// </summary>
internal sealed class ImageQuery<T>(
    CraneCommand command, string? engine, PSCredential? credential, IDictionary? registryCredential, NamedRegistries registries,
    int parallelism, Func<StoreRequest, bool, CancellationToken, Task<T>> open, Func<Lookup<T>> createLookup)
    where T : class, IAsyncDisposable
{
    private readonly List<ImageRequest> _waiting = [];
    private PipelinePump? _pump;
    private ChannelWriter<ImageRequest>? _requests;

    /// <summary>Adds an image; writes an error if its name is invalid.</summary>
    public void Add(Func<ImageRequest> read, object input) => command.Try(
        () =>
        {
            var request = Complete(read());
            if (credential is not null || request.Settings.Count > 0 || _waiting.Count > 0)
                _waiting.Add(request);
            else
                command.TryOrTerminate(() => Start([request]));
        },
        input);

    /// <summary>Looks up the rest, and waits for all results.</summary>
    public void Finish()
    {
        Complete();
        if (_waiting.Count > 0)
            Start(_waiting);
        Complete();
    }

    // Without a registry there is nothing to say of one.
    private ImageRequest Complete(ImageRequest request) => engine is not null ? request : request with
    {
        Settings = registries.Of([request.Image], request.Settings, request.IsOfCraneFile),
    };

    private void Start(IReadOnlyList<ImageRequest> requests)
    {
        if (_pump is null)
            Open(requests);
        foreach (var request in requests)
            _requests!.TryWrite(request);
        _pump!.Drain();
    }

    private void Open(IReadOnlyList<ImageRequest> requests)
    {
        var store = RegistryCredentials.Request(
            FileSystemPath.OfEngine(command.SessionState.Path, engine), credential, registryCredential,
            requests.Select(request => request.Image.Registry), requests.SelectMany(request => request.Settings));
        var lookup = createLookup();
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(store);
        var channel = Channel.CreateUnbounded<ImageRequest>();
        pump.Begin(async cancellation =>
        {
            await using var stores = new LocalFirst<T>(
                engine is null ? await open(watched, false, cancellation) : null, () => open(watched, true, cancellation));
            await LookAllAsync(channel.Reader, stores, lookup, pump, cancellation);
        });
        (_pump, _requests) = (pump, channel.Writer);
    }

    private void Complete()
    {
        _requests?.Complete();
        _pump?.Finish();
        (_requests, _pump) = (null, null);
    }

    private async Task LookAllAsync(
        ChannelReader<ImageRequest> requests, LocalFirst<T> stores, Lookup<T> lookup, PipelinePump pump, CancellationToken cancellation)
    {
        var running = new Queue<Task>();
        var last = Task.CompletedTask;
        await foreach (var request in requests.ReadAllAsync(cancellation))
        {
            if (running.Count == parallelism)
                await running.Dequeue();
            running.Enqueue(last = LookAsync(request, last));
        }

        await last;

        async Task LookAsync(ImageRequest request, Task earlier)
        {
            try
            {
                await stores.FindAsync(request.Image, async (reader, isLocal) =>
                {
                    await lookup(reader, isLocal, request, result => WriteAsync(() => command.WriteObject(result)), cancellation);
                    return true;
                });
            }
            catch (Exception exception) when (CraneException.IsFailure(exception, cancellation))
            {
                await WriteAsync(() => command.WriteErrors([CraneException.From(exception).About(request.Target)]));
            }

            await earlier;

            async Task WriteAsync(Action write)
            {
                await earlier;
                await pump.PostAsync(write);
            }
        }
    }
}
