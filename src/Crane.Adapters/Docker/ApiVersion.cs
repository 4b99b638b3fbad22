using System.Globalization;

namespace Crane.Adapters.Docker;

/// <summary>A version of the engine's HTTP API, such as 1.41.</summary>
internal readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>The newest that is spoken here: what came later changes nothing that is used.</summary>
    public static ApiVersion Newest => new(1, 48);

    /// <summary>The first that lists the manifests of an image.</summary>
    public static ApiVersion WithManifests => new(1, 48);

    public static bool operator <(ApiVersion left, ApiVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ApiVersion left, ApiVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ApiVersion left, ApiVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ApiVersion left, ApiVersion right) => left.CompareTo(right) >= 0;

    public static ApiVersion Min(ApiVersion left, ApiVersion right) => left < right ? left : right;

    public static bool TryParse(string text, out ApiVersion version)
    {
        version = default;
        if (!System.Version.TryParse(text, out var parsed))
            return false;
        version = new ApiVersion(parsed.Major, parsed.Minor);
        return true;
    }

    public int CompareTo(ApiVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
