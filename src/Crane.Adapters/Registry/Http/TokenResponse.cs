using System.Globalization;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Registry.Http;

/// <summary>What a token service responds with.</summary>
/// <param name="Value">The token; null where there is none.</param>
/// <param name="RefreshToken">A token that stands for the password from now on; null for none.</param>
/// <param name="ExpiresIn">For how many seconds the token is good; null where that is not said.</param>
/// <param name="IssuedAt">Since when; null where that is not said.</param>
internal sealed record TokenResponse(string? Value, string? RefreshToken, double? ExpiresIn, DateTimeOffset? IssuedAt)
{
    // Far more than any token has.
    private const int LargestResponse = 1024 * 1024;

    // What the specification says where the service does not.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>Whether there is a token that a header can show.</summary>
    public bool IsUsable => !string.IsNullOrEmpty(Value) && HeaderValues.CanCarry(Value);

    public static async Task<TokenResponse?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await BoundedBody.ReadAsync(response, LargestResponse, cancellation) is { } bytes ? Read(bytes) : null;
        }
        catch (Exception fault) when (JsonErrors.IsUnreadable(fault))
        {
            // The parser's own message may quote the response, which is a secret.
            return null;
        }
    }

    // What is said about the token is of no use where it has not the form that it should have; the token is.
    private static TokenResponse? Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        return root.ValueKind != JsonValueKind.Object ? null : new TokenResponse(
            Text("token") ?? Text("access_token"),
            Text("refresh_token"),
            double.TryParse(Text("expires_in", JsonValueKind.Number), CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
            DateTimeOffset.TryParse(Text("issued_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var issued) ? issued : null);

        string? Text(string name, JsonValueKind kind = JsonValueKind.String) =>
            root.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.String || value.ValueKind == kind)
            && value.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>
    /// Until when it is used: a little before its end, so that it does not end on its way. Its age when it came is
    /// taken by the service's own clock, for nobody knows how wrong ours is.
    /// </summary>
    /// <param name="asked">When it was asked for, by our clock.</param>
    /// <param name="answered">When it was answered, by the service's clock; null where it did not say.</param>
    public DateTimeOffset UseUntil(DateTimeOffset asked, DateTimeOffset? answered)
    {
        var lifetime = ExpiresIn is > 0 and { } seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds)) : UsualLifetime;
        if (answered is { } now && IssuedAt is { } issued && issued < now)
            lifetime -= now - issued;
        var margin = lifetime / 4;
        return asked + lifetime - (margin < LongestMargin ? margin : LongestMargin);
    }

    public override string ToString() => nameof(TokenResponse);
}
