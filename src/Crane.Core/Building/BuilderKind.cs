namespace Crane;

/// <summary>What builds images.</summary>
public enum BuilderKind : long
{
    /// <summary>The engine's own builder if it supports all builds, otherwise Buildx if it is installed.</summary>
    Auto,

    /// <summary>The builder in the engine.</summary>
    Engine,

    /// <summary>BuildKit, through docker's plugin Buildx.</summary>
    Buildx,
}
