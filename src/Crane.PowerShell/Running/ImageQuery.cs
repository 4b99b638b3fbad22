using System.Collections;
using System.Threading.Channels;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Oci;
using Crane.Planning;

namespace Crane.Running;

/// <summary>Looks an image or repository up, and emits what it finds.</summary>
internal delegate Task Look<T>(T reader, bool isLocal, ImageRequest request, Func<object, Task> emit, CancellationToken cancellation);

/// <summary>
/// Looks images up while they come down the pipeline, and writes what is found in their order. Where all of them must be known
/// first, for the one registry of -Credential or for what crane files say of registries, that begins at the end.
/// </summary>
internal sealed class ImageQuery<T>(
    CraneCommand command, string? engine, PSCredential? credential, IDictionary? registryCredential,
    int atOnce, Func<StoreRequest, bool, CancellationToken, Task<T>> open, Func<Look<T>> begin)
    where T : class, IAsyncDisposable
{
    private readonly List<ImageRequest> _waiting = [];
    private PipelinePump? _pump;
    private ChannelWriter<ImageRequest>? _asked;

    /// <summary>Takes an image in; what is wrong with its name is written here, and the others go on.</summary>
    public void Take(Func<ImageRequest> read, object input) => command.Try(
        () =>
        {
            var request = read();
            if (credential is not null || request.Settings.Count > 0 || _waiting.Count > 0)
                _waiting.Add(request);
            else
                command.OrEnd(() => Ask([request]));
        },
        input);

    /// <summary>Looks up the rest; an error that concerns all of it ends the cmdlet.</summary>
    public void Finish()
    {
        Complete();
        if (_waiting.Count > 0)
            Ask(_waiting);
        Complete();
    }

    private void Ask(IReadOnlyList<ImageRequest> requests)
    {
        if (_pump is null)
            Begin(requests);
        foreach (var request in requests)
            _asked!.TryWrite(request);
        _pump!.Drain();
    }

    private void Begin(IReadOnlyList<ImageRequest> requests)
    {
        var credentials = RegistryCredentials.From(credential, registryCredential, requests.Select(request => request.Image.Registry));
        var store = new StoreRequest(FileSystemPath.OfEngine(command.SessionState.Path, engine), credentials)
        {
            Registries = RegistrySettings.Merge(requests.SelectMany(request => request.Settings)),
        };
        var look = begin();
        var pump = new PipelinePump(command.StopToken);
        var watched = new StreamObserver(command, pump).Watch(store);
        var channel = Channel.CreateUnbounded<ImageRequest>();
        pump.Begin(async cancellation =>
        {
            await using var stores = new LocalFirst<T>(
                engine is null ? await open(watched, false, cancellation) : null, () => open(watched, true, cancellation));
            await LookAllAsync(channel.Reader, stores, look, pump, cancellation);
        });
        (_pump, _asked) = (pump, channel.Writer);
    }

    private void Complete()
    {
        _asked?.Complete();
        _pump?.Finish();
        (_asked, _pump) = (null, null);
    }

    private async Task LookAllAsync(
        ChannelReader<ImageRequest> requests, LocalFirst<T> stores, Look<T> look, PipelinePump pump, CancellationToken cancellation)
    {
        var running = new Queue<Task>();
        var last = Task.CompletedTask;
        await foreach (var request in requests.ReadAllAsync(cancellation))
        {
            if (running.Count == atOnce)
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
                    await look(reader, isLocal, request, found => WriteAsync(() => command.WriteObject(found)), cancellation);
                    return true;
                });
            }
            catch (Exception failure) when (CraneException.IsFailure(failure, cancellation))
            {
                await WriteAsync(() => command.WriteErrors([CraneException.From(failure).About(request.Target)]));
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
