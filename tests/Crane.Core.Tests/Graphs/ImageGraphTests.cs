using Crane.Graphs;
using Crane.Graphs.Drawing;

namespace Crane.Core.Tests.Graphs;

public sealed class ImageGraphTests
{
    [Fact]
    public void An_image_is_connected_with_its_bases_and_registries()
    {
        var graph = ImageGraph.Of(
        [
            new GraphImage("service", "company/service")
            {
                Parent = "company/os", Uses = ["golang:1", "docker.io/company/os:latest"],
                Official = "official.co/company/service", Personal = ["me.co/bob/service:1", "me.co/bob/service:2"],
            },
            new GraphImage("os", "company/os"),
        ]);
        Assert.Equal(
            [
                "official.co -Pull-> company/service", "company/os -From-> company/service", "golang:1 -Use-> company/service",
                "company/service -Push-> me.co",
            ],
            graph.Edges.Select(edge => $"{graph.Nodes[edge.From].Name} -{edge.Kind}-> {graph.Nodes[edge.To].Name}"));
        Assert.Equal(GraphNodeKind.External, graph.Nodes.Single(node => node.Name == "golang:1").Kind);
    }

    [Fact]
    public void A_registry_that_images_come_from_and_go_to_is_drawn_on_both_sides() => Assert.Equal(
        [GraphNodeKind.Source, GraphNodeKind.Target],
        ImageGraph.Of([new GraphImage("os", "company/os") { Official = "r.co/company/os", Personal = ["r.co/bob/os"] }])
            .Nodes.Where(node => node.Name == "r.co").Select(node => node.Kind));

    [Fact]
    public void An_image_in_several_engines_is_one_node_in_its_worst_state()
    {
        var node = Assert.Single(ImageGraph.Of(
        [
            new GraphImage("os", "company/os") { State = SyncState.UpToDate, Summary = "up to date" },
            new GraphImage("os", "company/os:latest") { State = SyncState.Behind, Summary = "official behind 2" },
        ]).Nodes);
        Assert.Equal(SyncState.Behind, node.State);
        Assert.Equal("official behind 2", node.Detail);
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(300, 300, true)]
    [InlineData(2000, 2000, true)]
    [InlineData(2000, 1, false)]
    public void Mermaid_gets_no_more_arrows_and_text_than_it_draws(int count, int leavesOfEach, bool isPossible)
    {
        var graph = ImageGraph.Of([.. Enumerable.Range(0, count).Select(index => new GraphImage($"c{index}", $"company/i{index}")
        {
            Parent = index % leavesOfEach == 0 ? null : $"company/i{index - (index % leavesOfEach)}",
            Uses = leavesOfEach == 1 && index > 0 ? [$"company/i{index - 1}"] : [],
            Official = $"r.co/company/i{index}", Personal = [$"me.co/bob/i{index}"],
        })]);
        var (text, fits) = MermaidWriter.Write(graph);
        Assert.Equal(isPossible, fits);
        if (!isPossible)
            return;
        Assert.InRange(text.Length, 1, 49_999);
        Assert.InRange(text.Split('\n').Count(line => line.Contains("->", StringComparison.Ordinal)), 1, 499);
        if (count == 3)
            Assert.Contains("company/i2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mermaid_gets_no_letters_that_mean_something_in_a_label()
    {
        var (text, _) = MermaidWriter.Write(ImageGraph.Of([new GraphImage("c", "x") { Summary = "a\"]<b>`#;&%%{init}\n_*" }]));
        Assert.Contains("n0[\"x<br/>a#34;#93;#60;b#62;#96;#35;#59;#38;#37;#37;#123;init#125; #95;#42;\"]", text, StringComparison.Ordinal);
    }
}
