using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Finds out which of a registry's possible origins it is, by sending it the first request.</summary>
/// <param name="candidates">The origins to try, in this order.</param>
internal sealed class OriginSearch(IReadOnlyList<Uri> candidates)
{
    private volatile Uri? _found;

    /// <summary>The origin; null as long as it is not known.</summary>
    public Uri? Found => _found;

    /// <summary>Sends a request to one origin after another, until one answers as a server of its scheme does.</summary>
    /// <exception cref="CraneException">What sending throws.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<Uri, Task<HttpResponseMessage>> send)
    {
        HttpResponseMessage? doubtful = null;
        CraneException? first = null;
        Uri? doubted = null;
        for (var index = 0; index < candidates.Count; index++)
        {
            var origin = candidates[index];
            var next = index + 1 < candidates.Count ? candidates[index + 1] : null;
            try
            {
                var answer = await send(origin);
                if (next is null || !MayBeTls(origin, answer))
                {
                    doubtful?.Dispose();
                    _found = origin;
                    return answer;
                }
                (doubted, doubtful) = (origin, answer);
            }
            catch (CraneException fault) when (next is not null && MayBeAnswered(fault, origin, next))
            {
                first = fault;
            }
            catch (CraneException fault) when (WireFaults.SuggestsOtherScheme(fault) || WireFaults.IsRefused(fault))
            {
                // The next one was no better: what the first one said holds.
                if (doubtful is null)
                    throw first ?? fault;
            }
            catch (CraneException)
            {
                doubtful?.Dispose();
                throw;
            }
        }
        _found = doubted;
        return doubtful!;
    }

    /// <summary>Servers of TLS answer a request in plain http with status 400, if at all.</summary>
    private static bool MayBeTls(Uri origin, HttpResponseMessage answer) =>
        origin.Scheme == Uri.UriSchemeHttp && answer.StatusCode == HttpStatusCode.BadRequest;

    /// <summary>Whether the next origin may answer where this one did not.</summary>
    private static bool MayBeAnswered(CraneException fault, Uri origin, Uri next) =>
        WireFaults.SuggestsOtherScheme(fault) || (WireFaults.IsRefused(fault) && next.Port != origin.Port);
}
