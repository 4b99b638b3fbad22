using System.Collections.Specialized;

namespace Crane.Commands.Base;

/// <summary>Converts exceptions to error records.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(CraneException error) =>
        new(error, error.Id.ToString(), CategoryOf(error.Id), TargetOf(error))
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = error.RecommendedAction ?? "" },
        };

    // PowerShell's concise error view shows the line of a file if the target is a dictionary with these keys.
    private static object? TargetOf(CraneException error)
    {
        if (error.Location is not { } location)
            return error.Subject ?? error.ContainerName;
        return new OrderedDictionary
        {
            [nameof(RetagPlan.Container)] = error.Subject switch
            {
                CraneContainer container => container.Name,
                RetagPlan plan => plan.Container,
                _ => error.ContainerName,
            },
            ["Plan"] = error.Subject as RetagPlan,
            [nameof(location.File)] = location.File,
            [nameof(location.Line)] = location.Line,
            [nameof(location.Column)] = location.Column,
            [nameof(location.LineText)] = location.LineText,
        };
    }

    private static ErrorCategory CategoryOf(CraneErrorId id) => id switch
    {
        CraneErrorId.CraneFileNotFound or CraneErrorId.UnknownContainer or CraneErrorId.UnknownGroup or CraneErrorId.UnknownRemote
            or CraneErrorId.ImageNotFound or CraneErrorId.BaseNotFound or CraneErrorId.LocalImageNotFound
            or CraneErrorId.UnknownContext or CraneErrorId.NotLocked => ErrorCategory.ObjectNotFound,
        CraneErrorId.CraneFileInvalid or CraneErrorId.UnknownKey or CraneErrorId.InvalidValue or CraneErrorId.DuplicateKey
            or CraneErrorId.MissingImage or CraneErrorId.UnknownObject or CraneErrorId.DockerConfigInvalid
            or CraneErrorId.CertificateInvalid or CraneErrorId.LockInvalid => ErrorCategory.InvalidData,
        CraneErrorId.UndefinedVariable or CraneErrorId.EmptyVariable or CraneErrorId.InvalidInterpolation or CraneErrorId.InvalidImageName
            or CraneErrorId.InvalidRegistry or CraneErrorId.DigestWithoutTag => ErrorCategory.InvalidArgument,
        CraneErrorId.TargetConflict or CraneErrorId.SettingConflict or CraneErrorId.DependencyCycle or CraneErrorId.OperationMismatch
            or CraneErrorId.LockOutdated =>
            ErrorCategory.InvalidOperation,
        CraneErrorId.NotSupportedByBuilder => ErrorCategory.NotImplemented,
        CraneErrorId.EngineUnreachable or CraneErrorId.RegistryUnreachable => ErrorCategory.ConnectionError,
        CraneErrorId.RegistryUnauthorized => ErrorCategory.AuthenticationError,
        CraneErrorId.DigestMismatch => ErrorCategory.InvalidResult,
        CraneErrorId.WouldLoseImage or CraneErrorId.TargetMoved or CraneErrorId.TargetExists => ErrorCategory.ResourceExists,
        CraneErrorId.PullFailed => ErrorCategory.ReadError,
        CraneErrorId.PushFailed or CraneErrorId.TagFailed or CraneErrorId.FileNotWritten
            or CraneErrorId.UndoFailed => ErrorCategory.WriteError,
        CraneErrorId.BuildFailed or CraneErrorId.HookFailed or CraneErrorId.GateFailed => ErrorCategory.OperationStopped,
        CraneErrorId.Unexpected => ErrorCategory.NotSpecified,
        _ => throw new System.Diagnostics.UnreachableException($"{id} has no category."),
    };
}
