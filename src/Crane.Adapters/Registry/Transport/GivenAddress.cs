namespace Crane.Adapters.Registry.Transport;

/// <summary>Addresses that others give, in headers: whatever is written there, reading it does not throw.</summary>
internal static class GivenAddress
{
    /// <summary>The address, absolute; null for what is none.</summary>
    /// <param name="text">What was given; null for nothing.</param>
    /// <param name="from">The address that it is relative to; null where it has to be absolute itself.</param>
    public static Uri? Read(string? text, Uri? from = null) =>
        (from is null ? Uri.TryCreate(text, UriKind.Absolute, out var address) : Uri.TryCreate(from, text, out address)) && HasHost(address)
            ? address : null;

    /// <summary>The address that an answer gives in Location; null where there is none, or none that can be read.</summary>
    public static Uri? Location(HttpResponseMessage answer) =>
        Read(HeaderText.First(answer, "Location"), answer.RequestMessage!.RequestUri);

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
