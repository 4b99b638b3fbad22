using System.Net;

namespace Crane.Adapters.Registry.Transport;

/// <summary>Where a registry sends us.</summary>
/// <param name="peer">The registry.</param>
/// <param name="origin">Where it is.</param>
internal sealed class Redirects(RegistryPeer peer, Uri origin)
{
    /// <summary>How many are followed, one after the other.</summary>
    public const int Most = 10;

    /// <summary>Whether an answer is a redirect that says where to.</summary>
    public static bool IsOne(HttpResponseMessage answer) => answer.Headers.NonValidated.Contains("Location") && answer.StatusCode is
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The address that a request is for: a path of the registry, or an address that it gave.</summary>
    /// <exception cref="CraneException">RegistryUnreachable for an address that is not gone to.</exception>
    public Uri Resolve(string path)
    {
        if (path.StartsWith('/'))
            return At(path);
        return Checked(GivenAddress.Read(path));
    }

    /// <summary>The address that a redirect leads to.</summary>
    /// <exception cref="CraneException">As above.</exception>
    public Uri Follow(HttpResponseMessage answer) => Checked(GivenAddress.Location(answer));

    /// <summary>Whether an address is the registry's own, so that it may be shown credentials.</summary>
    public bool IsOurs(Uri address) => address.Scheme == origin.Scheme && address.Authority == origin.Authority;

    private Uri Checked(Uri? address)
    {
        if (address is null)
            throw AnswerFaults.Redirect(peer.Title, "to something that is no address");
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp)
            throw AnswerFaults.Redirect(peer.Title, $"to an address of the scheme '{address.Scheme}'");
        if (RegistryOrigin.IsSame(origin, address))
            return At(address.PathAndQuery);
        return address.Scheme == Uri.UriSchemeHttps || RegistryPeer.MayBePlain(origin, address, peer.IsInsecure)
            ? address
            : throw AnswerFaults.Redirect(peer.Title, $"to '{address.Authority}', without encryption");
    }

    private Uri At(string path) => new(origin.GetLeftPart(UriPartial.Authority) + path);
}
