using Crane.Graphs;
using Crane.Graphs.Layout;
using CsCheck;

namespace Crane.Core.Tests.Graphs;

public sealed class GraphPictureTests
{
    [Fact]
    public void Boxes_never_overlap_and_every_arrow_is_drawn_from_its_first_box_to_its_last() => Stacks.Sample(images =>
    {
        var graph = ImageGraph.Of(images);
        var picture = GraphPicture.Of(graph);
        Assert.Equal(graph.Nodes.Count, picture.Boxes.Count);
        for (var one = 0; one < picture.Boxes.Count; one++)
        {
            var box = picture.Boxes[one];
            Assert.True(box.Left >= 0 && box.Top >= 0 && box.Left + box.Width <= picture.Width && box.Top + box.Height <= picture.Height);
            for (var other = 0; other < one; other++)
                Assert.False(Overlap(box, picture.Boxes[other]), $"{box} overlaps {picture.Boxes[other]}");
        }

        foreach (var edge in graph.Edges)
        {
            var lines = picture.Lines.Where(line => line.Kind == edge.Kind && line.Nodes.Contains(edge.From) && line.Nodes.Contains(edge.To))
                .ToList();
            Assert.Contains(lines, line => line.HasArrow);
        }
    });

    [Fact]
    public void Arrows_lead_to_the_right()
    {
        var boxes = Boxes("os:", "lib:os", "service:lib os", "other:os");
        Assert.True(boxes["os"].Left < boxes["lib"].Left);
        Assert.True(boxes["lib"].Left < boxes["service"].Left);
        Assert.Equal(boxes["lib"].Left, boxes["other"].Left);
    }

    [Fact]
    public void Registries_are_at_the_sides()
    {
        var graph = ImageGraph.Of(
        [
            new GraphImage("os", "company/os") { Official = "from.co/company/os", Personal = ["to.co/bob/os"] },
            new GraphImage("service", "company/service") { Parent = "company/os", Official = "from.co/company/service" },
        ]);
        var picture = GraphPicture.Of(graph);
        Assert.Equal("from.co", picture.Boxes.MinBy(box => box.Left)!.Name);
        Assert.Equal("to.co", picture.Boxes.MaxBy(box => box.Left)!.Name);
    }

    [Fact]
    public void Boxes_are_ordered_so_that_arrows_do_not_cross()
    {
        var boxes = Boxes("a:", "b:", "c:", "x:c", "y:b", "z:a");
        string[] Ordered(params string[] names) => [.. names.OrderBy(name => boxes[name].Top)];
        var bases = Ordered("a", "b", "c");
        Assert.Equal(bases.Select(name => name switch { "a" => "z", "b" => "y", _ => "x" }), Ordered("x", "y", "z"));
    }

    [Fact]
    public void Images_that_are_built_on_each_other_in_a_circle_are_drawn() => Assert.Equal(3, Boxes("a:c", "b:a", "c:b c").Count);

    [Fact]
    public void A_large_stack_has_panels_of_images_with_the_same_base_and_is_not_much_higher_than_wide()
    {
        var graph = ImageGraph.Of(
        [
            .. Enumerable.Range(0, 5).Select(index => new GraphImage($"base{index}", $"company/base{index}")),
            .. Enumerable.Range(0, 295).Select(index => new GraphImage($"s{index}", $"company/s{index}") { Parent = $"company/base{index % 5}" }),
        ]);
        var picture = GraphPicture.Of(graph);
        Assert.Equal(5, picture.Panels.Count);
        Assert.Equal(5, picture.Lines.Count);
        Assert.True(picture.Height < picture.Width * 1.2, $"{picture.Width} x {picture.Height}");
    }

    [Fact]
    public void A_small_stack_has_no_panels() =>
        Assert.Empty(GraphPicture.Of(ImageGraph.Of(
            [.. Enumerable.Range(0, 8).Select(index => new GraphImage($"s{index}", $"company/s{index}") { Parent = "company/os" })])).Panels);

    private static readonly Gen<IReadOnlyList<GraphImage>> Stacks =
        from count in Gen.Int[1, 60]
        from bases in Gen.Int[-3, count - 1].Array[count]
        from used in Gen.Int[-20, count - 1].Array[count]
        from places in Gen.Int[0, 5].Array[count]
        select (IReadOnlyList<GraphImage>)[.. Enumerable.Range(0, count).Select(index => new GraphImage($"c{index}", $"company/i{index}")
        {
            Parent = bases[index] < 0 ? null : $"company/i{bases[index]}",
            Uses = used[index] < 0 ? [] : [$"company/i{used[index]}"],
            Official = places[index] < 3 ? $"r{places[index]}.co/company/i{index}" : null,
            Personal = places[index] % 2 == 0 ? ["r0.co/bob/x"] : [],
            Summary = places[index] == 4 ? "ahead 1, not pushed" : "",
        })];

    private static bool Overlap(PictureBox one, PictureBox other) =>
        one.Left < other.Left + other.Width && other.Left < one.Left + one.Width
        && one.Top < other.Top + other.Height && other.Top < one.Top + one.Height;

    // Each image as in name:base base.
    private static Dictionary<string, PictureBox> Boxes(params string[] images)
    {
        var graph = ImageGraph.Of([.. images.Select(image => image.Split(':')).Select(parts => new GraphImage(parts[0], parts[0])
        {
            Uses = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
        })]);
        return GraphPicture.Of(graph).Boxes.ToDictionary(box => box.Name);
    }
}
