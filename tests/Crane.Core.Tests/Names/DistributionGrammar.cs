using System.Text.RegularExpressions;

namespace Crane.Core.Tests.Names;

/// <summary>
/// <c>ParseNormalizedNamed</c> of github.com/distribution/reference, as literally as C# allows: what the scanner is
/// compared with. It keeps the expressions of the original, which is why it is no model for the scanner.
/// </summary>
internal static class DistributionGrammar
{
    private const string Component = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
    private const string Path = $"{Component}(?:/{Component})*";
    private const string Label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private const string Domain = $@"(?:{Label}(?:\.{Label})*|\[[a-fA-F0-9:]+\])(?::(?<port>[0-9]+))?";
    private const string Tag = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private const string Digest = "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}";

    private static readonly Regex Reference = new(
        $@"\A(?<domain>{Domain})/(?<path>{Path})(?::(?<tag>{Tag}))?(?:@(?<digest>{Digest}))?\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static readonly Regex Identifier = new(@"\A[a-f0-9]{64}\z", RegexOptions.NonBacktracking);

    /// <summary>Registry, repository, tag and digest joined by spaces; null where the name is refused.</summary>
    public static string? Parse(string name)
    {
        if (Identifier.IsMatch(name))
            return null;
        var (domain, remainder) = Split(name);
        var match = Reference.Match($"{domain}/{remainder}");
        return match.Success && match.Groups["domain"].Value == domain && match.Groups["path"].Length <= 255 && HasValidPort(match)
            ? $"{domain} {match.Groups["path"]} {match.Groups["tag"]} {match.Groups["digest"]}"
            : null;
    }

    private static (string Domain, string Remainder) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return ("docker.io", $"library/{name}");

        var first = name[..slash];
        var isDomain = first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsUpper);
        var domain = !isDomain || first == "index.docker.io" ? "docker.io" : first;
        var remainder = isDomain ? name[(slash + 1)..] : name;
        return domain == "docker.io" && !remainder.Contains('/', StringComparison.Ordinal)
            ? (domain, $"library/{remainder}")
            : (domain, remainder);
    }

    // One of the two points in which Crane is stricter. The other, a registry that is not empty, follows from the
    // expression above, where the original makes the domain optional.
    private static bool HasValidPort(Match match) =>
        !match.Groups["port"].Success
        || (System.Numerics.BigInteger.Parse(match.Groups["port"].Value, System.Globalization.CultureInfo.InvariantCulture) is var port
            && port >= 1 && port <= 65535);
}
