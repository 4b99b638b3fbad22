namespace Crane;

/// <summary>Whether a push or copy replaces an image that its target in a registry has already.</summary>
public enum OverwriteMode : long
{
    /// <summary>
    /// Unless somebody else has changed the target: it is replaced if it is what this store has seen there, or what the plan or lock
    /// says. If nothing is known about it, it is replaced, too. The default.
    /// </summary>
    Lease,

    /// <summary>Whatever it is.</summary>
    Always,

    /// <summary>Never: only a target that does not exist is written.</summary>
    Never,
}
