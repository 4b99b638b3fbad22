namespace Crane;

/// <summary>What went wrong. The name is the first part of the error's <c>FullyQualifiedErrorId</c>.</summary>
public enum CraneErrorId
{
    /// <summary>No crane file at the given path, or none in the current location and its parents.</summary>
    CraneFileNotFound,

    /// <summary>The file cannot be read as a crane file: its encoding, its YAML, its shape or its size.</summary>
    CraneFileInvalid,

    /// <summary>A key that Crane does not know where guessing would be dangerous.</summary>
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

    /// <summary>The builder that was chosen cannot do what is asked of it; another one can.</summary>
    NotSupportedByBuilder,

    /// <summary>A file that was asked for cannot be written.</summary>
    FileNotWritten,

    /// <summary>The same key twice in one mapping.</summary>
    DuplicateKey,

    /// <summary>A container that is used has no image.</summary>
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

    /// <summary>Two different sources would be written to one target.</summary>
    TargetConflict,

    /// <summary>No container of that name.</summary>
    UnknownContainer,

    /// <summary>No group of that name.</summary>
    UnknownGroup,

    /// <summary>Containers that need each other in a circle.</summary>
    DependencyCycle,

    /// <summary>A plan was given to a cmdlet of another operation.</summary>
    OperationMismatch,

    /// <summary>The container engine does not answer.</summary>
    EngineUnreachable,

    /// <summary>The registry has no such image.</summary>
    ImageNotFound,

    /// <summary>The local store has no such image.</summary>
    LocalImageNotFound,

    /// <summary>An image that a Dockerfile names and the crane file declares is neither here nor pulled from anywhere.</summary>
    BaseNotFound,

    /// <summary>The registry refused the credentials, or wants some.</summary>
    RegistryUnauthorized,

    /// <summary>The registry does not answer.</summary>
    RegistryUnreachable,

    /// <summary>The registry has other content than the digest that was asked for.</summary>
    DigestMismatch,

    /// <summary>The pull failed for another reason, which the message gives.</summary>
    PullFailed,

    /// <summary>The push failed for another reason, which the message gives.</summary>
    PushFailed,

    /// <summary>The local store could not give the image its new name.</summary>
    TagFailed,

    /// <summary>The last name of an image that is nowhere else would be taken away.</summary>
    WouldLoseImage,

    /// <summary>The build failed.</summary>
    BuildFailed,

    /// <summary>A hook ended with an error.</summary>
    HookFailed,

    /// <summary>What nobody foresaw: a fault of Crane. The exception is the error's inner one.</summary>
    Unexpected,
}
