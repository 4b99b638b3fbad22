using Crane.CraneFile.Variables;
using Crane.Errors;

namespace Crane.CraneFile.Selecting;

/// <summary>The error for a name that is declared nowhere. Files have such names; they matter when they are selected.</summary>
internal static class UndeclaredContainer
{
    /// <summary>The errors of hooks that belong to no container and no group: they would never run.</summary>
    public static IEnumerable<CraneException> InHooks(CraneStack stack, IVariables variables)
    {
        var names = new StackNames(stack, variables);
        foreach (var (key, _) in stack.Hooks?.Entries ?? [])
        {
            var name = names.Expand(key, out var fault);
            if (fault is not null)
                yield return fault.ToException("a name in 'hooks'", key.Location);
            else if (names.Container(name) is null && names.Group(name) is null)
                yield return Error(names, name, "'hooks'", key.Location);
        }
    }

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
