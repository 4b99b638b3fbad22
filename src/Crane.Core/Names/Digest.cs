namespace Crane;

/// <summary>A content digest, <c>algorithm:hex</c>, after the OCI image specification: sha256, sha384 or sha512.</summary>
internal sealed record Digest(string Algorithm, string Hex)
{
    public override string ToString() => $"{Algorithm}:{Hex}";
}
