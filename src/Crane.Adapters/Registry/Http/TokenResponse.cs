using System.Globalization;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Registry.Http;

/// <summary>The response of a token service.</summary>
/// <param name="Value">The token; null where there is none.</param>
/// <param name="RefreshToken">An identity token, which replaces the password; null for none.</param>
/// <param name="ExpiresIn">For how many seconds the token is valid; null where that is unknown.</param>
/// <param name="IssuedAt">Since when; null where that is unknown.</param>
internal sealed record TokenResponse(string? Value, string? RefreshToken, double? ExpiresIn, DateTimeOffset? IssuedAt)
{
    // Far more than any token has.
    private const int LargestResponse = 1024 * 1024;

    // The default of the specification.
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>Whether there is a token that is allowed in a header.</summary>
    public bool IsUsable => !string.IsNullOrEmpty(Value) && HeaderValues.CanCarry(Value);

    public static async Task<TokenResponse?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await BoundedBody.ReadAsync(response, LargestResponse, cancellation) is { } bytes ? Read(bytes) : null;
        }
        catch (Exception exception) when (JsonErrors.IsUnreadable(exception))
        {
            // The parser's own message may quote the response, which is a secret.
            return null;
        }
    }

    // Invalid dates and lifetimes do not make the token unusable.
    private static TokenResponse? Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        return root.ValueKind != JsonValueKind.Object ? null : new TokenResponse(
            Text("token") ?? Text("access_token"),
            Text("refresh_token"),
            double.TryParse(Text("expires_in", JsonValueKind.Number), CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
            DateTimeOffset.TryParse(Text("issued_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var issued)
                ? issued : null);

        string? Text(string name, JsonValueKind kind = JsonValueKind.String) =>
            root.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.String || value.ValueKind == kind)
            && value.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>
    /// Until when it is used: a little before it expires, so that it does not expire on its way. Its age on arrival is taken by the
    /// service's clock, as ours may be wrong.
    /// </summary>
    /// <param name="sent">When it was requested, by our clock.</param>
    /// <param name="date">When the service responded, by its own clock; null where that is unknown.</param>
    public DateTimeOffset UseUntil(DateTimeOffset sent, DateTimeOffset? date)
    {
        var lifetime = ExpiresIn is > 0 and { } seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds)) : DefaultLifetime;
        if (date is { } now && IssuedAt is { } issued && issued < now)
            lifetime -= now - issued;
        var margin = lifetime / 4;
        return sent + lifetime - (margin < LongestMargin ? margin : LongestMargin);
    }

    public override string ToString() => nameof(TokenResponse);
}
