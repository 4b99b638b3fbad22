namespace Crane;

/// <summary>What builds images.</summary>
public enum BuilderKind
{
    /// <summary>The engine's own builder where it can do all that is planned, else Buildx where it is installed.</summary>
    Auto,

    /// <summary>The builder that every engine has in it.</summary>
    Engine,

    /// <summary>BuildKit, by docker's plugin Buildx.</summary>
    Buildx,
}
