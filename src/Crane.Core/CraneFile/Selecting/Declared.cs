using Crane.CraneFile.Nodes;

namespace Crane.CraneFile.Selecting;

/// <summary>A container as declared, with its name expanded. Two are equal only if they are the same.</summary>
/// <param name="index">Position in the files, which decides ties.</param>
/// <param name="name">The expanded name; as written where it cannot be expanded.</param>
/// <param name="entry">Where it is declared, and as what.</param>
/// <param name="fault">Why it cannot be used, whatever its keys are; null where it can.</param>
internal sealed class DeclaredContainer(int index, string name, MapEntry entry, CraneException? fault)
{
    public int Index { get; } = index;

    public string Name { get; } = name;

    public MapEntry Entry { get; } = entry;

    public CraneException? Fault { get; } = fault;

    /// <summary>Its keys; null where nothing is written.</summary>
    public MapNode? Body { get; } = entry.Value as MapNode;
}

/// <summary>A group as declared, with its name expanded.</summary>
/// <param name="Name">The expanded name; as written where it cannot be expanded.</param>
/// <param name="Members">The items as written; null where the group has no list at all.</param>
/// <param name="Fault">Why it cannot be used; null where it can.</param>
internal sealed record DeclaredGroup(string Name, IReadOnlyList<ScalarNode>? Members, CraneException? Fault);
