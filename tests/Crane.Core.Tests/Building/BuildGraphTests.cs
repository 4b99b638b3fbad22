using Crane.Building;

namespace Crane.Core.Tests.Building;

public sealed class BuildGraphTests
{
    [Fact]
    public void A_build_comes_after_those_whose_images_its_Dockerfile_names()
    {
        var graph = Graph(
            [Dockerfiles.Plan("service"), Dockerfiles.Plan("os")],
            ("/service", ["docker.io/company/os:latest", "golang:1"]),
            ("/os", ["debian"]));
        Assert.Equal(["os", "service"], Names(graph));
        Assert.Equal([0], graph.Nodes[1].After);
        Assert.Equal(["docker.io/company/os:latest", "golang:1"], graph.Nodes[1].Plan.Base);
        Assert.Equal(ImageName.Parse("company/os"), graph.Nodes[1].Parent);
    }

    [Fact]
    public void Another_tag_is_another_image() =>
        Assert.Empty(Graph([Dockerfiles.Plan("os"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os:1"])).Nodes[1].After);

    [Fact]
    public void A_build_comes_after_those_that_its_container_requires() =>
        Assert.Equal(["b", "a"], Names(Graph([Dockerfiles.Plan("a", "b", "elsewhere"), Dockerfiles.Plan("b")], ("/a", []), ("/b", []))));

    [Fact]
    public void Without_edges_the_order_of_the_plans_stays() =>
        Assert.Equal(["c", "a", "b"], Names(Graph([Dockerfiles.Plan("c"), Dockerfiles.Plan("a"), Dockerfiles.Plan("b")], ("/a", []), ("/b", []), ("/c", []))));

    [Fact]
    public void A_cycle_is_an_error_that_shows_the_path_through_the_files_and_the_rest_is_built()
    {
        var graph = Graph(
            [Dockerfiles.Plan("a"), Dockerfiles.Plan("b"), Dockerfiles.Plan("c")],
            ("/a", ["x", "company/b"]),
            ("/b", ["company/a"]),
            ("/c", []));
        Assert.Equal(["c"], Names(graph));
        Assert.Equal([CraneErrorId.DependencyCycle, CraneErrorId.DependencyCycle], graph.Errors.Select(error => error.Id));
        Assert.Contains("company/a (/a/Dockerfile:2) -> company/b (/b/Dockerfile:1) -> company/a", graph.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal("a", Assert.IsType<RetagPlan>(graph.Errors[0].Subject).Container);
    }

    [Fact]
    public void Images_that_the_target_does_not_need_come_before_it_for_the_builder_that_makes_their_stages()
    {
        var graph = Graph(
            [Dockerfiles.Plan("service"), Dockerfiles.Plan("tools"), Dockerfiles.Plan("os")],
            ("/service", ["-company/tools", "company/os"]), ("/tools", []), ("/os", []));
        Assert.Equal(["tools", "os", "service"], Names(graph));
        Assert.Equal([1], graph.Nodes[2].After);
        Assert.Equal([0, 1], graph.Nodes[2].AfterInEngine);
        Assert.Equal(["company/os"], graph.Nodes[2].Plan.Base);
        Assert.Equal(ImageName.Parse("company/os"), graph.Nodes[2].Parent);
    }

    [Fact]
    public void Images_that_the_target_does_not_need_make_no_cycle()
    {
        var graph = Graph(
            [Dockerfiles.Plan("a"), Dockerfiles.Plan("b"), Dockerfiles.Plan("c"), Dockerfiles.Plan("d")],
            ("/a", ["-company/a", "-company/b"]), ("/b", ["company/a"]), ("/c", ["-company/d"]), ("/d", []));
        Assert.Empty(graph.Errors);
        Assert.Equal(["a", "b", "d", "c"], Names(graph));
        Assert.Empty(graph.Nodes[0].AfterInEngine);
        Assert.Equal([2], graph.Nodes[3].AfterInEngine);
    }

    [Fact]
    public void An_image_that_is_built_from_itself_is_a_cycle() =>
        Assert.Single(Graph([Dockerfiles.Plan("a")], ("/a", ["company/a"])).Errors);

    [Fact]
    public void A_Dockerfile_that_cannot_be_read_is_an_error_of_its_build_alone()
    {
        var graph = Graph([Dockerfiles.Plan("a"), Dockerfiles.Plan("b")], ("/a", ["!"]), ("/b", []));
        Assert.Equal(CraneErrorId.BuildFailed, graph.Nodes[0].Error!.Id);
        Assert.Null(graph.Nodes[1].Error);
    }

    [Fact]
    public void The_registries_of_bases_are_those_of_images_that_no_plan_makes()
    {
        var graph = Graph(
            [
                Dockerfiles.Plan("os") with { Target = "a.co/os" },
                Dockerfiles.Plan("kept") with { Target = "b.co/kept", Status = RetagStatus.Skipped },
                new() { Operation = RetagOperation.Build, Target = "c.co/named", Status = RetagStatus.Skipped },
                Dockerfiles.Plan("service"),
            ],
            ("/os", ["d.co/outside"]),
            ("/service", ["a.co/os", "b.co/kept", "c.co/named"]));
        Assert.Equal(["d.co", "c.co"], graph.BaseRegistries);
    }

    [Fact]
    public void Builds_on_a_container_that_is_left_out_are_not_begun()
    {
        var left = ImageName.Parse("company/os");
        var graph = BuildGraph.Read(
            [Dockerfiles.Plan("service"), Dockerfiles.Plan("tools", "os"), Dockerfiles.Plan("alone"), Dockerfiles.Plan("top")],
            new Dockerfiles(("/service", ["company/os"]), ("/tools", []), ("/alone", ["company/db"]), ("/top", ["company/service"])),
            name => name == left ? new DeclaredBase { Name = "company/os", Container = "os" } : null,
            new HashSet<string> { "os", "other" });
        Assert.Equal(
            ["os", "os", null, null],
            new[] { "service", "tools", "alone", "top" }.Select(name => graph.Nodes.Single(node => node.Plan.Container == name).Refused));
        var outcome = NodeOutcomes.Unbegun(graph.Nodes[0]);
        Assert.Equal((RetagStatus.Failed, null), (outcome.Result.Status, outcome.Error));
        Assert.Contains("'os' has an error", outcome.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_another_container_of_the_run_makes_is_not_left_out()
    {
        var graph = BuildGraph.Read(
            [Dockerfiles.Plan("os"), Dockerfiles.Plan("service")],
            new Dockerfiles(("/os", []), ("/service", ["company/os"])),
            _ => new DeclaredBase { Name = "company/os", Container = "twin" },
            new HashSet<string> { "twin" });
        Assert.All(graph.Nodes, node => Assert.Null(node.Refused));
    }

    private static BuildGraph Graph(RetagPlan[] plans, params (string Context, string[] Images)[] contexts) =>
        BuildGraph.Read(plans, new Dockerfiles(contexts));

    private static IEnumerable<string> Names(BuildGraph graph) => graph.Nodes.Select(node => node.Plan.Container);
}
