using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Crane.Testing.Tokens;

/// <summary>
/// Signs JSON Web Tokens with ES256 and reads its own. The header has the certificate (<c>x5c</c>), by which docker's
/// registry finds that it trusts the key.
/// </summary>
internal sealed class TokenSigner : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TokenSigner()
    {
        var request = new CertificateRequest("CN=Crane test tokens", _key, HashAlgorithmName.SHA256);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject
        {
            ["typ"] = "JWT",
            ["alg"] = "ES256",
            ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The claims of a token; null if this signer did not sign it.</summary>
    public JsonObject? Read(string token)
    {
        if (token.Split('.') is not [var header, var claims, var signature] || !Base64Url.IsValid(signature))
            return null;
        var isOwn = _key.VerifyData(
            Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256);
        return isOwn ? JsonNode.Parse(Base64Url.DecodeFromChars(claims))!.AsObject() : null;
    }

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
