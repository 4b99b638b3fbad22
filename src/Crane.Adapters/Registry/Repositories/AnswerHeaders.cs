using System.Globalization;

namespace Crane.Adapters.Registry.Repositories;

/// <summary>The headers in which registries say what the OCI Distribution Specification has them say.</summary>
internal static class AnswerHeaders
{
    /// <summary>The digest of what an answer is about; null where there is none that can be read.</summary>
    public static Digest? ContentDigest(HttpResponseMessage answer) =>
        Digest.TryParse(Text(answer, "Docker-Content-Digest"), out var digest) ? digest : null;

    /// <summary>Whether a registry has taken note of a manifest's subject.</summary>
    public static bool HasSubject(HttpResponseMessage answer) => answer.Headers.Contains("OCI-Subject");

    /// <summary>The least that a chunk of an upload has to have, except the last one; 0 where that is not said.</summary>
    public static long ChunkMinimum(HttpResponseMessage answer) =>
        long.TryParse(Text(answer, "OCI-Chunk-Min-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0;

    /// <summary>
    /// How many bytes of an upload have arrived; null where that is not said. <c>0-0</c> says nothing: it is what registries
    /// answer for one byte, and for none.
    /// </summary>
    public static long? Arrived(HttpResponseMessage answer)
    {
        var range = Text(answer, "Range")?.Replace("bytes=", "", StringComparison.OrdinalIgnoreCase).Split('-');
        return range is ["0", var last]
            && long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end is > 0 and < long.MaxValue
            ? end + 1
            : null;
    }

    /// <summary>The address that an answer gives in Location, absolute; null for none.</summary>
    public static string? Location(HttpResponseMessage answer) =>
        answer.Headers.Location is { } location ? Resolve(answer, location) : null;

    /// <summary>The address of the next page of a list, absolute (RFC 8288); null for the last page.</summary>
    public static string? NextPage(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out var values))
            return null;
        foreach (var link in values.SelectMany(value => value.Split('<').Skip(1)))
        {
            var end = link.IndexOf('>', StringComparison.Ordinal);
            if (end > 0 && IsNext(link[(end + 1)..]) && Uri.TryCreate(link[..end], UriKind.RelativeOrAbsolute, out var address))
                return Resolve(answer, address);
        }

        return null;
    }

    private static bool IsNext(string parameters) => parameters.Split(';', ',').Any(parameter =>
        parameter.Split('=') is [var name, var value]
        && name.Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
        && value.Trim().Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));

    private static string Resolve(HttpResponseMessage answer, Uri address) =>
        new Uri(answer.RequestMessage!.RequestUri!, address).AbsoluteUri;

    private static string? Text(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First().Trim() : null;
}
