using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Crane.Adapters.Registry.Transport;

namespace Crane.Adapters.Registry.Tokens;

/// <summary>What a token service answers.</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("token")] string? Token = null,
    [property: JsonPropertyName("access_token")] string? AccessTokenText = null,
    [property: JsonPropertyName("expires_in")] double? ExpiresIn = null,
    [property: JsonPropertyName("issued_at")] string? IssuedAt = null,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null)
{
    // Far more than any token has.
    private const int LargestAnswer = 1024 * 1024;

    // What the specification says where the service does not.
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>The token; OAuth2 calls it by another name. Null where there is none.</summary>
    public string? Value => string.IsNullOrEmpty(Token) ? AccessTokenText : Token;

    /// <summary>Whether there is a token that a header can show.</summary>
    public bool IsUsable => !string.IsNullOrEmpty(Value) && !Value.AsSpan().ContainsAny('\r', '\n');

    private DateTimeOffset? Issued =>
        DateTimeOffset.TryParse(IssuedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var issued) ? issued : null;

    /// <summary>Reads the answer; null for what is none, or too large for one.</summary>
    public static async Task<TokenAnswer?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await BoundedBody.ReadAsync(answer, LargestAnswer, cancellation) is { } bytes
                ? JsonSerializer.Deserialize(bytes.Span, TokenJson.Default.TokenAnswer)
                : null;
        }
        catch (JsonException)
        {
            // The parser's own message may quote the answer, which is a secret.
            return null;
        }
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
        if (answered is { } now && Issued is { } issued && issued < now)
            lifetime -= now - issued;
        var margin = lifetime / 4;
        return asked + lifetime - (margin < LongestMargin ? margin : LongestMargin);
    }

    /// <summary>Never the secret, whatever prints this.</summary>
    public override string ToString() => nameof(TokenAnswer);
}

/// <summary>The reader of that JSON, made at compile time.</summary>
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
