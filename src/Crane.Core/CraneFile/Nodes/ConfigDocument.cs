namespace Crane.CraneFile.Nodes;

/// <summary>One crane file as a tree, before anything is known about its meaning.</summary>
/// <param name="File">The file.</param>
/// <param name="Root">Its value.</param>
/// <param name="MapsWithDuplicates">Every map of the file that has a key twice.</param>
internal sealed record ConfigDocument(SourceFile File, ConfigNode Root, IReadOnlyList<MapNode> MapsWithDuplicates);
