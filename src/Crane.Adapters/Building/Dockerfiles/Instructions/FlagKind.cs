namespace Crane.Adapters.Building.Dockerfiles.Instructions;

/// <summary>What values a flag of an instruction takes.</summary>
internal enum FlagKind
{
    /// <summary>One, at most once.</summary>
    Text,

    /// <summary>One each time it is given.</summary>
    Texts,

    /// <summary>None, true or false.</summary>
    Switch,
}
