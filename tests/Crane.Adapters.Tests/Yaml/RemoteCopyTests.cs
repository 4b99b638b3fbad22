using Crane.CraneFile.Selecting;
using Crane.Planning;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Copies from one remote to another.</summary>
public sealed class RemoteCopyTests
{
    private const string File = """
        containers:
          os: {image: company/os, build: os, push: {tag: [nightly]}}
          tool: {image: 'company/tool:1', pull: {registry: '${UNSET}'}}
          etcd: {image: 'coreos/etcd:2', pull: false, push: {skip: true}}
          again: {image: 'coreos/etcd:2'}
        remotes:
          official: {registry: registry.co, overwrite: {never: ['v*', '1*']}}
          mine: {registry: 'r.${USER}.co', override_user: '${USER}'}
          other: {registry: registry.co}
          empty: {}
        defaults: {pull: official, push: '${NOWHERE}'}
        registries: {registry.co: {insecure: true}}
        """;

    [Fact]
    public void Every_image_goes_from_one_remote_to_the_other_unless_it_is_never_pushed()
    {
        var plans = Plan(("mine", "official"));
        Assert.Equal(
            [
                ("os", "r.bob.co/bob/os", "registry.co/company/os", RetagStatus.Planned, ""),
                ("tool", "r.bob.co/bob/tool:1", "registry.co/company/tool:1", RetagStatus.Planned, ""),
                ("etcd", "r.bob.co/bob/etcd:2", "", RetagStatus.Skipped, "push.skip"),
                ("again", "r.bob.co/bob/etcd:2", "", RetagStatus.Skipped, "push.skip"),
            ],
            plans.Select(plan => (plan.Container, plan.Source, plan.Target, plan.Status, plan.Reason)));
        Assert.Equal([null, OverwriteMode.Never], plans.Take(2).Select(plan => plan.Overwrite));
        Assert.Equal("registry.co", Assert.Single(plans[0].RegistrySetting!).RegistryHost);
    }

    [Fact]
    public void A_tag_is_for_ours_and_for_what_is_named()
    {
        Assert.Equal(
            ["r.bob.co/bob/os:v2", "r.bob.co/bob/tool:1"], Plan(("mine", "official"), new() { Tag = "v2" }).Take(2).Select(plan => plan.Source));
        var plan = Assert.Single(Plan(("mine", "official"), new() { Tag = "v2", Name = ["tool"] }));
        Assert.Equal(("registry.co/company/tool:v2", OverwriteMode.Never), (plan.Target, plan.Overwrite));
    }

    [Fact]
    public void What_both_remotes_have_under_one_name_is_skipped() => Assert.Equal(
        [RetagStatus.Skipped, RetagStatus.Skipped], Plan(("official", "other")).Take(2).Select(plan => plan.Status));

    [Theory]
    [InlineData("mine", "offical", CraneErrorId.UnknownRemote, "No remote is called 'offical'. Did you mean 'official'?")]
    [InlineData("registry.co", "mine", CraneErrorId.UnknownRemote, "No remote is called 'registry.co'.")]
    [InlineData("empty", "mine", CraneErrorId.InvalidValue, "'remotes.empty' has neither 'registry' nor 'override_user'.")]
    public void An_unknown_remote_is_one_error_and_nothing_is_selected(string from, string to, CraneErrorId id, string words)
    {
        var result = CraneFile.Select(File, new() { Route = (from, to) }, "USER=bob");
        Assert.Empty(result.Containers);
        var error = Assert.Single(result.Errors);
        Assert.Equal(id, error.Id);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_whose_variable_is_not_set_is_an_error_of_each_container() => Assert.All(
        CraneFile.Select(File, new() { Route = ("official", "mine"), Name = ["os"] }).Errors,
        error => Assert.Equal((CraneErrorId.UndefinedVariable, 8, "os"), (error.Id, error.Location!.Line, error.ContainerName)));

    private static IReadOnlyList<RetagPlan> Plan((string From, string To) route, SelectionRequest? request = null)
    {
        var selected = CraneFile.Select(File, (request ?? new()) with { Route = route }, "USER=bob");
        Assert.Empty(selected.Errors);
        var planned = Planner.Plan(selected.Containers, RetagOperation.Copy);
        Assert.Empty(planned.Errors);
        return planned.Plans;
    }
}
