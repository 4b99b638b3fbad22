namespace Crane.Adapters.Registry.Http;

/// <summary>Reads values of headers. Invalid values do not throw.</summary>
internal static class HeaderValues
{
    /// <summary>The first value of a header; null where the response does not have the header.</summary>
    public static string? First(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First().Trim() : null;

    /// <summary>Whether a string is allowed in a header: visible ASCII, and spaces.</summary>
    public static bool CanCarry(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    public static Uri? Location(HttpResponseMessage response) =>
        Address(First(response, "Location"), response.RequestMessage!.RequestUri);

    /// <summary>Reads an address as absolute; null where it is invalid.</summary>
    public static Uri? Address(string? value, Uri? from = null) =>
        (from is null ? Uri.TryCreate(value, UriKind.Absolute, out var address) : Uri.TryCreate(from, value, out address))
            && HasHost(address) ? address : null;

    // .NET checks a host name outside of ASCII only here.
    private static bool HasHost(Uri address)
    {
        try
        {
            return address.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
