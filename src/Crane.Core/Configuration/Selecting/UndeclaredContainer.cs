namespace Crane.Configuration;

/// <summary>The error for a name that is declared nowhere. Files have such names; they matter when they are selected.</summary>
internal static class UndeclaredContainer
{
    /// <summary>Makes the error.</summary>
    /// <param name="names">What is declared.</param>
    /// <param name="name">What is not.</param>
    /// <param name="place">What names it.</param>
    /// <param name="location">Where it does.</param>
    public static CraneException Error(StackNames names, string name, string place, SourceLocation location) => new(
        CraneErrorId.UnknownContainer,
        $"{location}: {place} names '{name}', which is declared nowhere."
        + NearMatch.Question(names.Containers.Select(candidate => candidate.Name), name),
        "Declare the container, or correct the name.")
    { Location = location };
}
