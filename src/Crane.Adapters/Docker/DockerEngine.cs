using Crane.Adapters.Credentials;
using Crane.Stores;

namespace Crane.Adapters.Docker;

/// <summary>Finds and reaches a container engine.</summary>
internal static class DockerEngine
{
    /// <summary>For all that is tried together: an engine that is not there is told within five seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>The engine that a request means, after it has answered.</summary>
    /// <exception cref="CraneException">
    /// EngineUnreachable, with the endpoint tried; InvalidValue for an engine that no rule reads, or a broken configuration.
    /// </exception>
    public static async Task<IImageStore> OpenAsync(
        StoreRequest request, DockerEnvironment environment, CancellationToken cancellation)
    {
        var endpoints = new EngineSearch(environment).Find(request.Engine);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);

        var faults = new List<CraneException>();
        foreach (var endpoint in endpoints)
        {
            try
            {
                var engine = await EngineApi.OpenAsync(endpoint, request.Trace, patience.Token);
                return new DockerImageStore(engine, new RegistryCredentials(request.Credentials, environment));
            }
            // A socket that nobody listens on is passed over; an engine that is not for this user is still the one that is meant.
            catch (CraneException fault) when (
                fault.Id == CraneErrorId.EngineUnreachable && !EngineFaults.IsPermissionDenied(fault))
            {
                faults.Add(fault);
            }
            catch (OperationCanceledException timeout) when (!cancellation.IsCancellationRequested)
            {
                faults.Add(EngineFaults.Silent(endpoint, timeout));
                break;
            }
        }
        throw EngineFaults.NoneAnswers(faults);
    }
}
