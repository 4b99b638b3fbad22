using System.Collections;
using Crane.Annotations;

namespace Crane.Input;

/// <summary>Reads what a build server can show: issues, error records and failed results.</summary>
/// <param name="root">The root of the repository: files below it get a path from there.</param>
internal sealed class AnnotationReader(string root)
{
    /// <summary>The annotation of an object; null for a result that has not failed.</summary>
    /// <exception cref="CraneException">UnknownObject, InvalidValue.</exception>
    public Annotation? Read(PSObject input) => Of(input) is not { } annotation ? null
        : new Annotation(annotation.Id, BelowRoot(annotation.Message))
        {
            File = annotation.File,
            Line = annotation.Line,
            Column = annotation.Column,
        };

    private Annotation? Of(PSObject input) => input.BaseObject switch
    {
        ErrorRecord record => OfError(record),
        Exception { } exception when exception is IContainsErrorRecord contains => OfError(contains.ErrorRecord),
        _ when input.Has(nameof(CraneFileIssue.ErrorId)) && input.Has(nameof(CraneFileIssue.Message)) => Located(
            new Annotation(input.String(nameof(CraneFileIssue.ErrorId)) ?? "", input.String(nameof(CraneFileIssue.Message)) ?? ""),
            input.String(nameof(CraneFileIssue.Path)), input.Number(nameof(CraneFileIssue.Line)),
            input.Number(nameof(CraneFileIssue.Column))),
        _ when input.Has(nameof(RetagResult.Operation)) && input.Has(nameof(RetagResult.Error)) => OfResult(input),
        _ => throw input.NotRecognized(
            "an issue of Test-CraneFile, an error, or a result", "the output of Test-CraneFile, errors, or results of a run"),
    };

    private Annotation? OfResult(PSObject input) => input.Member<RetagStatus>(nameof(RetagResult.Status)) != RetagStatus.Failed
        ? null
        : Located(
            new Annotation(
                $"{input.Member<RetagOperation>(nameof(RetagResult.Operation))}Failed",
                $"{input.String(nameof(RetagResult.Target))}: {input.String(nameof(RetagResult.Error))}"),
            input.String(nameof(RetagResult.Path)), input.Number(nameof(RetagResult.Line)), 0);

    private Annotation OfError(ErrorRecord record)
    {
        var annotation = new Annotation(
            record.FullyQualifiedErrorId.Split(',')[0], record.ErrorDetails?.Message ?? record.Exception.Message);
        // In its own session, an error has a location or a plan; after CliXml only what the target was.
        return record.Exception is CraneException { Location: { } location }
            ? Located(annotation, location.File, location.Line, location.Column)
            : record.TargetObject is IDictionary target && target["File"] is string file ? Located(
                annotation, file, LanguagePrimitives.ConvertTo<int>(target["Line"]), LanguagePrimitives.ConvertTo<int>(target["Column"]))
            : record.TargetObject is { } subject && PSObject.AsPSObject(subject) is var owner && owner.Has(nameof(RetagPlan.Path))
                ? Located(annotation, owner.String(nameof(RetagPlan.Path)), owner.Number(nameof(RetagPlan.Line)), 0)
            : annotation;
    }

    // A runner may have the repository in another folder each time, and GitLab compares reports.
    private string BelowRoot(string message)
    {
        var folder = Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar;
        return folder.Length > 1 ? message.Replace(folder, "", StringComparison.Ordinal) : message;
    }

    private Annotation Located(Annotation annotation, string? file, int line, int column)
    {
        if (file is null)
            return annotation;
        var path = Path.GetRelativePath(root, file);
        var isBelow = path != ".." && !path.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !Path.IsPathRooted(path);
        return annotation with { File = (isBelow ? path : file).Replace('\\', '/'), Line = line, Column = column };
    }
}
