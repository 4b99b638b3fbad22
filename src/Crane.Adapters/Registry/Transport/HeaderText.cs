namespace Crane.Adapters.Registry.Transport;

/// <summary>Headers as they were sent, and what a header can be.</summary>
internal static class HeaderText
{
    /// <summary>The first value of a header, whatever is written there; null where the answer does not have the header.</summary>
    public static string? First(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.First().Trim() : null;

    /// <summary>Whether a header can carry a text: HTTP takes what is visible in ASCII, and spaces.</summary>
    public static bool CanCarry(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
