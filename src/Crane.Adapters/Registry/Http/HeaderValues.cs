namespace Crane.Adapters.Registry.Http;

/// <summary>Values of headers, as others send them: whatever is written there, reading it does not throw.</summary>
internal static class HeaderValues
{
    /// <summary>The first value of a header; null where the response does not have the header.</summary>
    public static string? First(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First().Trim() : null;

    /// <summary>Whether a header can carry a string: HTTP takes what is visible in ASCII, and spaces.</summary>
    public static bool CanCarry(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    public static Uri? Location(HttpResponseMessage response) =>
        Address(First(response, "Location"), response.RequestMessage!.RequestUri);

    /// <summary>An address that others gave, absolute; null for what is none.</summary>
    public static Uri? Address(string? value, Uri? from = null) =>
        (from is null ? Uri.TryCreate(value, UriKind.Absolute, out var address) : Uri.TryCreate(from, value, out address)) && HasHost(address)
            ? address : null;

    // A host name outside of ASCII is looked at only when it is connected to.
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
