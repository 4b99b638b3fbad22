namespace Crane;

/// <summary>What went wrong. The name is the first part of the error's <c>FullyQualifiedErrorId</c>.</summary>
public enum CraneErrorId : long
{
    /// <summary>No crane file at the given path, or none in the current location and its parents.</summary>
    CraneFileNotFound,

    /// <summary>The file is not a valid crane file: its encoding, its YAML, its structure or its size.</summary>
    CraneFileInvalid,

    /// <summary>An unknown key, where ignoring it would be dangerous.</summary>
    UnknownKey,

    /// <summary>A value of the wrong type or form, in a crane file or in a parameter.</summary>
    InvalidValue,

    /// <summary>A piped object that is neither a container nor a plan.</summary>
    UnknownObject,

    /// <summary>Two settings that exclude each other.</summary>
    SettingConflict,

    /// <summary>Docker's configuration, or the file of one of its contexts, cannot be used.</summary>
    DockerConfigInvalid,

    /// <summary>There is no docker context of that name.</summary>
    UnknownContext,

    /// <summary>A file of TLS certificates or keys cannot be used.</summary>
    CertificateInvalid,

    /// <summary>The chosen builder does not support the build; another one does.</summary>
    NotSupportedByBuilder,

    /// <summary>An output file cannot be written.</summary>
    FileNotWritten,

    /// <summary>The same key twice in one mapping.</summary>
    DuplicateKey,

    /// <summary>A selected container has no image.</summary>
    MissingImage,

    /// <summary>A variable is not set and has no default.</summary>
    UndefinedVariable,

    /// <summary>A variable is set but empty, where that would change which image is meant or where it goes.</summary>
    EmptyVariable,

    /// <summary>A <c>${…}</c> that the Compose specification does not define.</summary>
    InvalidInterpolation,

    /// <summary>Not an image name by the distribution project's reference grammar.</summary>
    InvalidImageName,

    /// <summary>Not a registry: a host with an optional port and path prefix.</summary>
    InvalidRegistry,

    /// <summary>An image with a digest but no tag has no local name.</summary>
    DigestWithoutTag,

    /// <summary>Two different sources would be written to one target, or one plan would read what another one writes.</summary>
    TargetConflict,

    /// <summary>No container of that name.</summary>
    UnknownContainer,

    /// <summary>No group of that name.</summary>
    UnknownGroup,

    /// <summary>No remote of that name.</summary>
    UnknownRemote,

    /// <summary>Containers or images that depend on each other in a cycle.</summary>
    DependencyCycle,

    /// <summary>A plan was given to a cmdlet of another operation.</summary>
    OperationMismatch,

    /// <summary>The container engine cannot be reached.</summary>
    EngineUnreachable,

    /// <summary>The registry has no such image.</summary>
    ImageNotFound,

    /// <summary>The local store has no such image.</summary>
    LocalImageNotFound,

    /// <summary>A base image that the crane file declares is not in the engine, and nothing says where to pull it from.</summary>
    BaseNotFound,

    /// <summary>The registry refused the credentials, or requires some.</summary>
    RegistryUnauthorized,

    /// <summary>The registry cannot be reached.</summary>
    RegistryUnreachable,

    /// <summary>The content does not match the requested digest.</summary>
    DigestMismatch,

    /// <summary>The pull failed for another reason, which is in the message.</summary>
    PullFailed,

    /// <summary>The push failed for another reason, which is in the message.</summary>
    PushFailed,

    /// <summary>The local store could not tag the image.</summary>
    TagFailed,

    /// <summary>The last name of an image that exists nowhere else would be removed.</summary>
    WouldLoseImage,

    /// <summary>The target is no longer what it was when the plan was made, or what was last seen there: somebody else has changed it.</summary>
    TargetMoved,

    /// <summary>The target exists, and is not to be overwritten.</summary>
    TargetExists,

    /// <summary>A pre-tag hook failed, so the name of the image stays as it was.</summary>
    GateFailed,

    /// <summary>The lock file does not have the image.</summary>
    NotLocked,

    /// <summary>The lock file has the image of another reference than the crane file.</summary>
    LockOutdated,

    /// <summary>The lock file cannot be read: it is damaged, or has the marks of a merge conflict.</summary>
    LockInvalid,

    /// <summary>What a name referred to before cannot be put back, because it no longer exists.</summary>
    UndoFailed,

    /// <summary>The build failed.</summary>
    BuildFailed,

    /// <summary>A hook failed.</summary>
    HookFailed,

    /// <summary>An unexpected error: a bug in Crane. The inner exception is its cause.</summary>
    Unexpected,
}
