using System.Collections;
using System.Management.Automation;
using System.Threading.Channels;
using Crane.Commands.Base;
using Crane.Input;
using Crane.Planning;

namespace Crane.Running;

/// <summary>
/// Asks about images while they come down the pipeline. Where all of them must be known first, for the one registry of
/// -Credential or for what crane files say of registries, they are asked about at the end.
/// </summary>
/// <param name="command">The cmdlet.</param>
/// <param name="engine">Its -Engine.</param>
/// <param name="credential">Its -Credential.</param>
/// <param name="registryCredential">Its -RegistryCredential.</param>
/// <param name="begin">Begins the work on requests that come one by one, on the pipeline's thread.</param>
internal sealed class ImageQuery(
    CraneCommand command,
    string? engine,
    PSCredential? credential,
    IDictionary? registryCredential,
    Func<StoreRequest, ImageQuery.Work> begin)
{
    private readonly List<ImageRequest> _waiting = [];
    private PipelinePump? _pump;
    private ChannelWriter<ImageRequest>? _asked;

    internal delegate Task Work(IAsyncEnumerable<ImageRequest> requests, PipelinePump pump, CancellationToken cancellation);

    /// <summary>Takes an image in; what is wrong with its name is written here, and the others go on.</summary>
    public void Take(Func<ImageRequest> read, object input) => command.Try(
        () =>
        {
            var request = read();
            if (credential is not null || request.Settings.Count > 0 || _waiting.Count > 0)
                _waiting.Add(request);
            else
                command.OrEnd(() => Ask(request));
        },
        input);

    /// <summary>Asks about the rest; an error that concerns all of it ends the cmdlet.</summary>
    public void Finish()
    {
        Complete();
        if (_waiting.Count == 0)
            return;
        Begin(_waiting);
        foreach (var request in _waiting)
            _asked!.TryWrite(request);
        Complete();
    }

    private void Ask(ImageRequest request)
    {
        if (_asked is null)
            Begin([request]);
        _asked!.TryWrite(request);
        _pump!.Drain();
    }

    private void Begin(IReadOnlyList<ImageRequest> requests)
    {
        var pump = new PipelinePump(command.StopToken);
        var channel = Channel.CreateUnbounded<ImageRequest>();
        var credentials = RegistryCredentials.From(credential, registryCredential, requests.Select(request => request.Image.Registry));
        var store = new StoreRequest(FileSystemPath.OfEngine(command.SessionState.Path, engine), credentials)
        {
            Registries = RegistrySettings.Unite(requests.SelectMany(request => request.Settings)),
        };
        var work = begin(new StreamObserver(command, pump).Watch(store));
        pump.Begin(cancellation => work(channel.Reader.ReadAllAsync(cancellation), pump, cancellation));
        (_pump, _asked) = (pump, channel.Writer);
    }

    private void Complete()
    {
        _asked?.Complete();
        _pump?.Finish();
        (_asked, _pump) = (null, null);
    }
}
