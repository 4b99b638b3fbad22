using Crane.Annotations;

namespace Crane.Input;

/// <summary>Reads what a build server can show: issues, error records and failed results.</summary>
/// <param name="root">The root of the repository: files below it get a path from there.</param>
internal sealed class AnnotationReader(string root)
{
    /// <summary>The annotation of an object; null for a result that has not failed.</summary>
    /// <exception cref="CraneException">UnknownObject, InvalidValue.</exception>
    public Annotation? Read(PSObject input) => input.BaseObject switch
    {
        ErrorRecord record => OfError(record),
        Exception { } exception when exception is IContainsErrorRecord contains => OfError(contains.ErrorRecord),
        _ when input.Has(nameof(CraneFileIssue.ErrorId)) && input.Has(nameof(CraneFileIssue.Message)) => Located(
            New(input.String(nameof(CraneFileIssue.ErrorId)) ?? "", input.String(nameof(CraneFileIssue.Message)) ?? ""),
            input.String(nameof(CraneFileIssue.Path)), input.Number(nameof(CraneFileIssue.Line)),
            input.Number(nameof(CraneFileIssue.Column))),
        _ when input.Has(nameof(ErrorRecord.FullyQualifiedErrorId)) => OfReadBack(input),
        _ when input.Has(nameof(RetagResult.Operation)) && input.Has(nameof(RetagResult.Error)) => OfResult(input),
        _ => throw input.NotRecognized(
            "an issue of Test-CraneFile, an error, or a result", "the output of Test-CraneFile, errors, or results of a run"),
    };

    private Annotation? OfResult(PSObject input) => input.Member<RetagStatus>(nameof(RetagResult.Status)) != RetagStatus.Failed
        ? null
        : Located(
            New(
                $"{input.Member<RetagOperation>(nameof(RetagResult.Operation))}Failed",
                $"{input.String(nameof(RetagResult.Target))}: {input.String(nameof(RetagResult.Error))}"),
            input.String(nameof(RetagResult.Path)), input.Number(nameof(RetagResult.Line)), 0);

    private Annotation OfError(ErrorRecord record)
    {
        var annotation = OfId(record.FullyQualifiedErrorId, record.ErrorDetails?.Message ?? record.Exception.Message);
        return record.Exception is CraneException { Location: { } location }
            ? Located(annotation, location.File, location.Line, location.Column)
            : About(record.TargetObject, annotation);
    }

    // What CliXml and JSON leave of an error: its parts, and what its target was.
    private Annotation OfReadBack(PSObject error) => About(
        error.Properties[nameof(ErrorRecord.TargetObject)]?.Value,
        OfId(
            error.String(nameof(ErrorRecord.FullyQualifiedErrorId)) ?? "",
            error.String("ErrorDetails_Message") ?? MessageOf(nameof(ErrorRecord.ErrorDetails), error)
                ?? MessageOf(nameof(ErrorRecord.Exception), error) ?? ""));

    private Annotation OfId(string errorId, string message) => New(errorId.Split(',')[0], message);

    private static string? MessageOf(string part, PSObject error) =>
        error.Properties[part]?.Value is { } value ? PipedObject.Of(value).String(nameof(Exception.Message)) : null;

    // The target of an error in a file says where; that of another one is a plan or a container, or has no place.
    private Annotation About(object? target, Annotation annotation)
    {
        if (target is null)
            return annotation;
        var owner = PipedObject.Of(target);
        return owner.BaseObject is PSCustomObject && owner.PlainValue("File") is string { Length: > 0 } file
                ? Located(annotation, file, owner.Number("Line"), owner.Number("Column"))
            : owner.PlainValue(nameof(RetagPlan.Path)) is string { Length: > 0 } path
                ? Located(annotation, path, owner.Number(nameof(RetagPlan.Line)), 0)
            : annotation;
    }

    // A runner may have the repository in another folder each time, and GitLab compares reports.
    private Annotation New(string id, string message)
    {
        var folder = Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar;
        return new Annotation(id, folder.Length > 1 ? message.Replace(folder, "", StringComparison.Ordinal) : message);
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
