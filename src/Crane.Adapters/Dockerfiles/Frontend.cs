using System.Text;
using System.Text.Json;
using Crane.Errors;

namespace Crane.Adapters.Dockerfiles;

/// <summary>
/// The frontend that the directive <c>syntax</c> names: an image that BuildKit gives the whole file to, whose grammar may have
/// what is not known here.
/// </summary>
/// <param name="Name">The image as written.</param>
/// <param name="Line">Line of the directive, counted from 1.</param>
internal sealed record Frontend(string Name, int Line)
{
    private const string Directive = "syntax";
    private static readonly string[] _ofDocker = ["docker/dockerfile", "docker/dockerfile-upstream"];

    /// <summary>Whether it is docker's own, of whatever version: its grammar is the known one, with additions.</summary>
    public bool IsDockers =>
        ImageName.TryParse(Name, out var image) && image.Registry == "docker.io" && _ofDocker.Contains(image.Repository);

    /// <summary>The frontend that a Dockerfile names, as BuildKit looks for it: in one of three forms; null for none.</summary>
    public static Frontend? Of(IReadOnlyList<string> lines) => InComments(lines, "#") ?? InComments(lines, "//") ?? InJson(lines);

    private static Frontend? InComments(IReadOnlyList<string> lines, string comment)
    {
        // A file may be a program that is run.
        for (var index = lines[0].StartsWith("#!", StringComparison.Ordinal) ? 1 : 0; index < lines.Count; index++)
        {
            var (name, value) = ParserDirectives.Split(lines[index].TrimEnd('\r').TrimStart(), comment);
            if (name == Directive)
                return new(Image(value), index + 1);
            if (!ParserDirectives.IsKnown(name))
                break;
        }

        return null;
    }

    // The whole file is an object of strings.
    private static Frontend? InJson(IReadOnlyList<string> lines)
    {
        if (!lines[0].TrimStart().StartsWith('{'))
            return null;
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
            return json.RootElement.EnumerateObject().All(pair => pair.Value.ValueKind == JsonValueKind.String)
                && json.RootElement.TryGetProperty(Directive, out var value)
                    ? new(Image(value.GetString()!), 1)
                    : null;
        }
        catch (Exception other) when (JsonErrors.IsUnreadable(other))
        {
            return null;
        }
    }

    // What follows are options for it.
    private static string Image(string value) => value.Split(' ', 2)[0];
}
