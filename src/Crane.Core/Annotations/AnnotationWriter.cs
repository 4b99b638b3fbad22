using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crane.Annotations;

/// <summary>
/// Writes annotations as build servers read them. Text cannot begin a command of its own: line breaks, and what separates the parts of a
/// command, are escaped.
/// </summary>
internal static class AnnotationWriter
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IEnumerable<string> Write(IReadOnlyList<Annotation> annotations, AnnotationFormat format) => format switch
    {
        AnnotationFormat.GitHub => annotations.Select(GitHub),
        AnnotationFormat.AzurePipelines => annotations.Select(Azure),
        _ => [GitLab(annotations)],
    };

    private static string GitHub(Annotation annotation) => $"::error {Properties(annotation, ",", GitHubProperty, [
        ("file", annotation.File), ("line", Number(annotation.Line)), ("col", Number(annotation.Column)),
        ("title", $"Crane {annotation.Id}"),
    ])}::{GitHubText(annotation.Message)}";

    private static string Azure(Annotation annotation) => $"##vso[task.logissue {Properties(annotation, ";", AzureProperty, [
        ("type", "error"), ("sourcepath", annotation.File), ("linenumber", Number(annotation.Line)),
        ("columnnumber", Number(annotation.Column)), ("code", annotation.Id),
    ])}]{AzureText(annotation.Message)}";

    // GitLab needs a path and a line, and tells reports apart by their fingerprints.
    private static string GitLab(IReadOnlyList<Annotation> annotations) => JsonSerializer.Serialize(
        annotations.Select(annotation => new Dictionary<string, object>
        {
            ["description"] = annotation.Message,
            ["check_name"] = $"Crane.{annotation.Id}",
            ["fingerprint"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{annotation.Id}\n{annotation.File}\n{annotation.Line}\n{annotation.Message}")))),
            ["severity"] = "major",
            ["location"] = new Dictionary<string, object>
            {
                ["path"] = annotation.File ?? "crane.yaml",
                ["lines"] = new Dictionary<string, int> { ["begin"] = Math.Max(1, annotation.Line) },
            },
        }),
        Readable);

    private static string Properties(
        Annotation annotation, string separator, Func<string, string> escape, IEnumerable<(string Name, string? Value)> properties) =>
        string.Join(separator, properties
            .Where(property => property.Value is not null && (annotation.File is not null || property.Name is "title" or "type" or "code"))
            .Select(property => $"{property.Name}={escape(property.Value!)}"));

    private static string? Number(int value) => value > 0 ? value.ToString(CultureInfo.InvariantCulture) : null;

    private static string GitHubText(string text) => Replace(text, ("%", "%25"), ("\r", "%0D"), ("\n", "%0A"));

    private static string GitHubProperty(string text) => Replace(GitHubText(text), (":", "%3A"), (",", "%2C"));

    private static string AzureText(string text) => Replace(text, ("%", "%AZP25"), ("\r", "%0D"), ("\n", "%0A"));

    private static string AzureProperty(string text) => Replace(AzureText(text), (";", "%3B"), ("]", "%5D"));

    private static string Replace(string text, params (string From, string To)[] pairs) =>
        pairs.Aggregate(text, (current, pair) => current.Replace(pair.From, pair.To, StringComparison.Ordinal));
}
