using Crane.Building;

namespace Crane.Core.Tests.Building;

public sealed class BaseNamesTests
{
    private static readonly RetagPlan Os = Dockerfiles.Plan("os") with { Target = "company/os:2.0" };

    [Theory]
    [InlineData("company/os", "company/os:2.0")]
    [InlineData("company/os:latest", "company/os:2.0")]
    [InlineData("docker.io/company/os", "company/os:2.0")]
    [InlineData("company/os:2.0", "company/os:2.0")]
    [InlineData("company/os:1.9", "company/os:1.9")]
    [InlineData("company/other", "company/other")]
    public void A_base_means_what_the_run_makes_of_that_container_whatever_tag_it_gives_it(string name, string image) =>
        Assert.Equal(ImageName.Parse(image), Live.Of(Dockerfiles.Plan("service"), ImageName.Parse(name)).Image);

    [Fact]
    public void A_plan_that_was_piped_says_the_same()
    {
        var service = Live.Complete(Dockerfiles.Plan("service") with { Path = "/stack/crane.yaml" }, ["company/os", "debian:13"]);
        var piped = new BaseNames([Os, service]);
        Assert.Equal(ImageName.Parse("company/os:2.0"), piped.Of(service, ImageName.Parse("company/os")).Image);
        Assert.Equal(BaseOrigin.Open, piped.Of(service, ImageName.Parse("debian:13")).Origin);
        Assert.Equal(BaseOrigin.Unknown, piped.Of(service, ImageName.Parse("debian:14")).Origin);
    }

    [Fact]
    public void A_plan_from_no_crane_file_names_images_of_others() =>
        Assert.Equal(BaseOrigin.Open, new BaseNames([Os]).Of(Dockerfiles.Plan("service"), ImageName.Parse("company/tools")).Origin);

    [Fact]
    public void Order_and_parent_follow_what_names_mean()
    {
        var graph = BuildGraph.Read(
            [Dockerfiles.Plan("service"), Os], new Dockerfiles(("/service", ["company/os"]), ("/os", [])), Declared);
        Assert.Equal(["os", "service"], graph.Nodes.Select(node => node.Plan.Container));
        Assert.Equal(ImageName.Parse("company/os:2.0"), graph.Nodes[1].Parent);
        Assert.Equal("os", Assert.Single(graph.Nodes[1].Plan.DeclaredBase!).Container);
    }

    private static BaseNames Live => new([Os, Dockerfiles.Plan("service")], Declared);

    private static DeclaredBase? Declared(ImageName name) => name.Repository != "company/os" ? null : new DeclaredBase
    {
        Name = name.ToString(),
        Container = name == ImageName.Parse("company/os") ? "os" : null,
        PullReference = $"r.co/{name.Repository}",
    };
}
