using System.Net;

namespace Crane.Adapters.Registry.Http;

/// <summary>Follows redirects. Each one is a message of its own, with the credential of its own host.</summary>
internal sealed class RedirectHandler(RegistryOrigin origin) : DelegatingHandler
{
    private const int MostRedirects = 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var message = (RegistryMessage)request;
        var response = await base.SendAsync(message, cancellationToken);
        for (var count = 1; IsRedirect(response); count++)
        {
            using (response)
            {
                if (count > MostRedirects)
                    throw ResponseErrors.Redirect(origin.Title, $"more than {MostRedirects} times in a row");
                var asGet = response.StatusCode == HttpStatusCode.SeeOther && message.Method != HttpMethod.Head;
                message = message.To(origin.Check(HeaderValues.Location(response)), asGet, origin);
            }
            response = await base.SendAsync(message, cancellationToken);
        }
        return response;
    }

    private static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.NonValidated.Contains("Location");
}
