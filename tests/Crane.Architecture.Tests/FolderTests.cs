namespace Crane.Architecture.Tests;

/// <summary>The folders of each project form layers, and docs/architecture.md shows them as they are.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("Crane.Core")]
    [InlineData("Crane.Adapters")]
    [InlineData("Crane.PowerShell")]
    public void No_two_folders_need_each_other(string project)
    {
        var graph = FolderGraph.Of(project);
        Assert.NotEmpty(graph.Arrows);
        Assert.Equal("", string.Join('\n', graph.Arrows.Where(arrow => graph.Reaches(arrow.Key.To, arrow.Key.From))
            .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To}: {arrow.Value}")));
    }

    [Theory]
    [InlineData("Crane.Core")]
    [InlineData("Crane.Adapters")]
    [InlineData("Crane.PowerShell")]
    public void The_picture_shows_what_the_compiler_sees(string project) => Assert.Equal(
        string.Join('\n', FolderGraph.Of(project).Reduced().Select(arrow => $"{arrow.From} --> {arrow.To}").Order(StringComparer.Ordinal)),
        string.Join('\n', Picture(project).Order(StringComparer.Ordinal)));

    // The lines of the diagram below the project's heading.
    private static string[] Picture(string project)
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "architecture.md"));
        var section = page.Split($"\n## {project}\n")[1];
        return section.Split("```mermaid\nflowchart TD\n")[1].Split("```")[0]
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }
}
