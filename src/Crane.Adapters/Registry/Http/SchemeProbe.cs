using System.Net;

namespace Crane.Adapters.Registry.Http;

/// <summary>Turns paths into addresses. The first request finds the registry's origin.</summary>
internal sealed class SchemeProbe(RegistryOrigin origin) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (origin.Found is not { } found)
            return ProbeAsync(request, PathOf(request.RequestUri!), cancellationToken);
        if (!request.RequestUri!.IsAbsoluteUri)
            request.RequestUri = RegistryOrigin.At(found, request.RequestUri.OriginalString);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request to one origin after another, until one responds in its scheme.</summary>
    private async Task<HttpResponseMessage> ProbeAsync(HttpRequestMessage request, string path, CancellationToken cancellation)
    {
        var candidates = origin.Candidates();
        HttpResponseMessage? doubtful = null;
        var errors = new List<CraneException>();
        Uri? doubted = null;
        for (var index = 0; index < candidates.Count; index++)
        {
            var candidate = candidates[index];
            var next = index + 1 < candidates.Count ? candidates[index + 1] : null;
            request.RequestUri = RegistryOrigin.At(candidate, path);
            try
            {
                var response = await base.SendAsync(request, cancellation);
                if (next is null || !MayBeTls(candidate, response))
                {
                    doubtful?.Dispose();
                    origin.Found = candidate;
                    return response;
                }
                (doubted, doubtful) = (candidate, response);
            }
            catch (CraneException error) when (next is not null && MayRespond(error, candidate, next))
            {
                errors.Add(error);
            }
            catch (CraneException error) when (ConnectionErrors.SuggestsOtherScheme(error) || ConnectionErrors.IsRefused(error))
            {
                // The error of the first origin counts.
                errors.Add(error);
                if (doubtful is null)
                    throw errors[0];
            }
            catch (CraneException)
            {
                doubtful?.Dispose();
                throw;
            }
        }
        origin.Found = doubted;
        return doubtful!;
    }

    // After an earlier try it is the last address.
    private static string PathOf(Uri address) => address.IsAbsoluteUri ? address.PathAndQuery : address.OriginalString;

    /// <summary>Servers of TLS respond to a request in plain http with status 400, if at all.</summary>
    private static bool MayBeTls(Uri candidate, HttpResponseMessage response) =>
        candidate.Scheme == Uri.UriSchemeHttp && response.StatusCode == HttpStatusCode.BadRequest;

    /// <summary>Whether the next origin is worth a try.</summary>
    private static bool MayRespond(CraneException error, Uri candidate, Uri next) =>
        ConnectionErrors.SuggestsOtherScheme(error) || (ConnectionErrors.IsRefused(error) && next.Port != candidate.Port);
}
