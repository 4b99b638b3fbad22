namespace Crane;

/// <summary>What a plan does.</summary>
public enum RetagOperation
{
    /// <summary>From a registry to the local store, under the plain name.</summary>
    Pull,

    /// <summary>From a build context to the plain name.</summary>
    Build,

    /// <summary>From the local store to a registry.</summary>
    Push,

    /// <summary>From one registry to another.</summary>
    Copy,
}
