using System.Globalization;
using Crane.Adapters.Registry.Http;
using Crane.Names;

namespace Crane.Adapters.Registry;

/// <summary>The headers of the OCI Distribution Specification.</summary>
internal static class ResponseHeaders
{
    /// <summary>The digest of the content; null where there is none or it is invalid.</summary>
    public static Digest? ContentDigest(HttpResponseMessage response) =>
        Digest.TryParse(HeaderValues.First(response, "Docker-Content-Digest"), out var digest) ? digest : null;

    public static bool HasSubject(HttpResponseMessage response) => response.Headers.Contains("OCI-Subject");

    /// <summary>The least size of a chunk of an upload, except of the last one; 0 where there is none.</summary>
    public static long ChunkMinimum(HttpResponseMessage response) =>
        long.TryParse(HeaderValues.First(response, "OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length : 0;

    /// <summary>
    /// How many bytes of an upload have arrived; null where that is unknown. <c>0-0</c> is unknown, too: registries use it for one byte
    /// and for none.
    /// </summary>
    public static long? Arrived(HttpResponseMessage response)
    {
        var range = HeaderValues.First(response, "Range")?.Replace("bytes=", "", StringComparison.OrdinalIgnoreCase).Split('-');
        return range is ["0", var last]
            && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end is > 0 and < long.MaxValue
            ? end + 1
            : null;
    }

    /// <summary>The absolute address of the header Location; null where there is none or it is invalid.</summary>
    public static string? Location(HttpResponseMessage response) => Text(HeaderValues.Location(response));

    /// <summary>Reads the address of the next page of a list (RFC 8288).</summary>
    /// <returns>False for an invalid Link: the pages after it would be missing silently.</returns>
    public static bool TryReadNextPage(HttpResponseMessage response, out string? address)
    {
        address = null;
        if (!response.Headers.NonValidated.TryGetValues("Link", out var values))
            return true;
        var links = values.Where(value => value.Length > 0).SelectMany(value => value.Split('<') is [_, _, ..] parts ? parts[1..] : [value])
            .Select(link => link.Split('>', 2)).ToList();
        if (links.Exists(link => link.Length < 2))
            return false;
        if (links.Find(link => IsNext(link[1])) is not { } next)
            return true;
        address = Text(HeaderValues.Address(next[0], response.RequestMessage!.RequestUri));
        return address is not null;
    }

    private static bool IsNext(string parameters) => parameters.Split(';', ',').Any(parameter =>
        parameter.Split('=') is [var name, var value]
        && name.Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
        && value.Trim().Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));

    // Without the fragment: parameters that are added to the address would end up in it.
    private static string? Text(Uri? address) =>
        address?.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);
}
