using Crane.CraneFile.Selecting;
using Crane.Planning;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>What is said about an image holds for it, whichever of its containers says so and whichever is selected.</summary>
public sealed class DeclaredImageTests
{
    [Theory]
    [InlineData("image: team/app")]
    [InlineData("image: 'docker.io/team/app:latest'")]
    [InlineData("image: '${APP}'")]
    public void What_another_container_builds_is_not_pulled(string keys)
    {
        var plan = Plan(keys, "image: team/app, build: app", RetagOperation.Pull);
        Assert.Equal((RetagStatus.Skipped, "built here by 'other'"), (plan.Status, plan.Reason));
        Assert.Equal("built here by 'other'", Plan(keys, "image: team/app, build: app", RetagOperation.Copy).Reason);
    }

    [Fact]
    public void What_another_container_builds_is_not_provisioned_by_a_pull_unless_that_is_preferred()
    {
        var container = Container("image: team/app, pull: {registry: r.co}", "image: team/app, build: app");
        Assert.Equal("built here by 'other'", ProvisionPlan.For(container, preferPull: false).Reason);
        Assert.Equal("r.co/team/app", ProvisionPlan.For(container, preferPull: true).Source);
        var both = Select("image: team/app", "image: team/app, build: app", []).Containers;
        Assert.All(ProvisionPlan.Merge([.. both.Select(each => ProvisionPlan.For(each, false))]), plan => Assert.Equal(RetagOperation.Build, plan.Operation));
    }

    [Theory]
    [InlineData("image: team/app", "image: team/app, pull: {registry: r.co}", "r.co/team/app")]
    [InlineData("image: team/app", "image: team/app, build: app, pull: {registry: r.co}", "r.co/team/app")]
    [InlineData("image: team/app, build: app", "image: team/app, pull: {override_user: us}", "docker.io/us/app")]
    [InlineData("image: team/app, pull: {registry: own.co}", "image: team/app, pull: {registry: r.co}", "own.co/team/app")]
    [InlineData("image: team/app", "image: 'team/app:2', pull: {registry: r.co}", "docker.io/team/app")]
    public void A_pull_section_is_that_of_the_image(string keys, string other, string source)
    {
        var container = Container(keys, other);
        Assert.Equal(source, container.PullReference);
        Assert.Equal(source, PullPlan.For(container).Source);
    }

    [Theory]
    [InlineData("push: {registry: p.co}", "push: {skip: true}")]
    [InlineData("pull: {registry: r.co}", "build: app, push: {skip: yes}")]
    public void An_image_that_one_container_skips_is_pushed_for_none(string keys, string other)
    {
        Assert.Equal("push.skip", Plan($"image: team/app, {keys}", $"image: team/app, {other}", RetagOperation.Push).Reason);
        Assert.Null(Container($"image: team/app, {keys}", $"image: team/app, {other}").PushReference);
    }

    [Fact]
    public void Another_tag_is_another_image() =>
        Assert.Null(Container("image: 'team/app:1'", "image: 'team/app:2', build: app, push: {skip: true}").BuiltBy);

    [Fact]
    public void A_tag_for_ours_is_one_for_the_image()
    {
        var result = Select("image: team/app", "image: team/app, build: app", [], "2.0");
        Assert.All(result.Containers, container => Assert.Equal("team/app:2.0", container.Image));
    }

    [Fact]
    public void Containers_that_differ_about_the_pull_of_another_ones_image_are_an_error_for_that()
    {
        var result = CraneFile.Select(
            """
            containers:
              app: { image: team/app }
              a: { image: team/app, pull: { registry: a.co } }
              b: { image: team/app, pull: { registry: b.co } }
            """,
            new SelectionRequest { Name = ["app"] });
        Assert.Equal((CraneErrorId.TargetConflict, "app"), (Assert.Single(result.Errors).Id, result.Errors[0].ContainerName));
        Assert.Empty(result.Containers);
    }

    [Fact]
    public void A_variable_that_is_not_set_is_an_error_for_each_container_of_its_image_and_for_no_other()
    {
        const string other = "image: team/app, pull: {registry: '${NO}'}";
        Assert.Equal(CraneErrorId.UndefinedVariable, Assert.Single(Select("image: team/app", other, ["c"]).Errors).Id);
        Assert.Empty(Select("image: team/tools", other, ["c"]).Errors);
        Assert.Empty(Select("image: team/app, pull: {registry: r.co}", "image: '${NO}', build: app", ["c"]).Errors);
    }

    [Theory]
    [InlineData("image: company/os, pull: {registry: r.co}", "company/os", "other", "r.co/company/os")]
    [InlineData("image: company/os, pull: {registry: r.co}", "docker.io/company/os:latest", "other", "r.co/company/os:latest")]
    [InlineData("image: 'company/os:2', build: os, pull: {override_user: us}", "company/os:2", "other", "us/os:2")]
    [InlineData("image: company/os, pull: {registry: r.co}", "company/os:1.9", null, "r.co/company/os:1.9")]
    [InlineData("image: company/os, build: os", "company/os", "other", null)]
    [InlineData("image: company/os, build: os", "company/os:1.9", null, null)]
    [InlineData("image: company/os, pull: {registry: '${NO}'}", "company/os", "other", null)]
    [InlineData("image: redis, pull: {registry: r.co}", "library/redis", "other", "r.co/redis")]
    public void A_base_that_the_file_declares_comes_from_where_its_container_is_pulled(
        string other, string name, string? container, string? reference)
    {
        var found = Select("image: c", other, ["c"]).Images!.FindBase(ImageName.Parse(name));
        Assert.Equal((container, reference), (found?.Container, found?.PullReference));
        Assert.NotNull(found);
    }

    [Theory]
    [InlineData("image: company/os, pull: {registry: r.co}", "company/tools")]
    [InlineData("image: 'debian:13'", "debian:13")]
    [InlineData("image: 'ghcr.io/us/os', build: os", "ghcr.io/us/os")]
    [InlineData("image: '${NO}', build: os", "company/os")]
    public void Any_other_base_comes_from_where_its_name_says(string other, string name) =>
        Assert.Null(Select("image: c", other, ["c"]).Images!.FindBase(ImageName.Parse(name)));

    private static SelectionResult Select(string keys, string other, string[] names, string? tag = null) => CraneFile.Select(
        $"containers:\n  c: {{{keys}}}\n  other: {{{other}}}\n", new SelectionRequest { Name = names, Tag = tag }, "APP=team/app");

    private static CraneContainer Container(string keys, string other)
    {
        var result = Select(keys, other, ["c"]);
        Assert.Empty(result.Errors);
        return Assert.Single(result.Containers);
    }

    private static RetagPlan Plan(string keys, string other, RetagOperation operation) =>
        Assert.Single(Planner.Plan([Container(keys, other)], operation).Plans);
}
