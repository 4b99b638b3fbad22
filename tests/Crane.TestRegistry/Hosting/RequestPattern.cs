using System.IO.Enumeration;

namespace Crane.Testing.Hosting;

/// <summary>Requests of a kind.</summary>
/// <param name="Method">Their method; <c>*</c> means any.</param>
/// <param name="Path">What their path, with its query, is like; <c>*</c> stands for any text.</param>
internal sealed record RequestPattern(string Method, string Path)
{
    public bool Matches(string method, string pathAndQuery) =>
        (Method is "*" || Method == method) && FileSystemName.MatchesSimpleExpression(Path, pathAndQuery, ignoreCase: false);
}
