using System.Buffers;
using Crane.Errors;

namespace Crane.Names;

/// <summary>
/// A registry's host with an optional port, after <c>domainAndPort</c> of the distribution project's reference grammar: a DNS name, an IPv4
/// address, or an IPv6 address in brackets. Stricter in one point: a port is 1 to 65535.
/// </summary>
internal static class HostGrammar
{
    private const string Host = "registry host";
    private const string Port = "registry port";
    private const int HighestPort = 65535;

    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Whether the first component of a name is a registry, and not the first part of a path on Docker Hub.</summary>
    public static bool ReadsAsRegistry(ReadOnlySpan<char> component) =>
        component is "localhost" || component.ContainsAny('.', ':') || component.ContainsAnyInRange('A', 'Z');

    /// <summary>Whether only its capitals make the first component a registry. <c>TheHolm/app</c> nearly always means a user.</summary>
    public static bool IsRegistryByCapitals(ReadOnlySpan<char> component) =>
        component.ContainsAnyInRange('A', 'Z') && !component.ContainsAny('.', ':');

    /// <summary>The first error in a host with an optional port; null for a valid one.</summary>
    public static NameError? Check(ReadOnlySpan<char> text)
    {
        // What is before an '@' may be a password, so the message does not quote it.
        var at = text.IndexOf('@');
        if (at >= 0)
            return new(Host, at, "'@' is not allowed; a user and password are not part of a name",
                "Remove what is before the '@'. Credentials come from docker login or from a parameter.");

        return text is ['[', ..] ? CheckAddress(text) : CheckDomain(text);
    }

    private static NameError? CheckDomain(ReadOnlySpan<char> text)
    {
        if (text.Count(':') > 1 && !text.ContainsAnyExcept(AddressCharacters))
            return new(Host, 0, "an IPv6 address must be in brackets", $"Write '[{text}]', or '[{text}]:5000' with a port.");
        var colon = text.IndexOf(':');
        var domain = colon < 0 ? text : text[..colon];
        if (domain.IsEmpty)
            return new(Host, 0, "the host is missing");

        var labelStart = 0;
        for (var index = 0; index <= domain.Length; index++)
        {
            if (index == domain.Length || domain[index] == '.')
            {
                if (index == labelStart)
                    return new(Host, index, "a part between the dots is empty", "Check whether a variable in it is empty.");
                if (domain[index - 1] == '-')
                    return new(Host, index - 1, "a part of a host cannot end with '-'");
                labelStart = index + 1;
            }
            else if (domain[index] == '_')
            {
                return new(Host, index, "a host cannot have an underscore");
            }
            else if (domain[index] == '-' && index == labelStart)
            {
                return new(Host, index, "a part of a host cannot start with '-'");
            }
            else if (!char.IsAsciiLetterOrDigit(domain[index]) && domain[index] != '-')
            {
                return new(Host, index, $"{VisibleText.QuoteCharacter(domain, index)} is not allowed in a host");
            }
        }
        return colon < 0 ? null : CheckPort(text[(colon + 1)..])?.From(colon + 1);
    }

    // As lenient as the distribution project's grammar, which every engine shares: hexadecimal digits and colons, no zone.
    private static NameError? CheckAddress(ReadOnlySpan<char> text)
    {
        var index = 1;
        while (index < text.Length && (char.IsAsciiHexDigit(text[index]) || text[index] == ':'))
            index++;
        if (index == text.Length)
            return new(Host, index, "the ']' after the IPv6 address is missing");
        if (text[index] != ']')
            return new(Host, index, $"{VisibleText.QuoteCharacter(text, index)} is not allowed in an IPv6 address");
        if (index == 1)
            return new(Host, index, "the IPv6 address is missing");

        var afterBracket = index + 1;
        if (afterBracket == text.Length)
            return null;
        return text[afterBracket] == ':'
            ? CheckPort(text[(afterBracket + 1)..])?.From(afterBracket + 1)
            : new(Host, afterBracket, "after ']' only ':' and a port may follow");
    }

    private static NameError? CheckPort(ReadOnlySpan<char> port)
    {
        if (port.IsEmpty)
            return new(Port, 0, "the port after ':' is missing");

        var value = 0;
        foreach (var digit in port)
        {
            if (!char.IsAsciiDigit(digit))
                return new(Port, 0, "the port is not a number");
            // Once above the limit it stays there, so it cannot overflow.
            value = Math.Min((value * 10) + (digit - '0'), HighestPort + 1);
        }
        return value is 0 or > HighestPort ? new(Port, 0, $"the port is not between 1 and {HighestPort}") : null;
    }
}
