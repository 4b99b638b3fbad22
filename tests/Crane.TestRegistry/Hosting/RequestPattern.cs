using System.IO.Enumeration;

namespace Crane.Testing.Hosting;

/// <summary>Requests of a kind.</summary>
/// <param name="Method">Their method; <c>*</c> means any.</param>
/// <param name="Path">What their path with query matches; <c>*</c> matches any characters.</param>
internal sealed record RequestPattern(string Method, string Path)
{
    public bool Matches(string method, string pathAndQuery) =>
        (Method is "*" || Method == method) && FileSystemName.MatchesSimpleExpression(Path, pathAndQuery, ignoreCase: false);
}
