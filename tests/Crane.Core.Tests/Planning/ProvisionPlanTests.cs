using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class ProvisionPlanTests
{
    private static readonly ContainerBuild Context = new() { Context = "/stack/os" };
    private static readonly ContainerPull Directive = new() { Registry = "r.co" };

    [Fact]
    public void An_image_of_others_is_pulled() =>
        Assert.Equal("Pull docker.io/coreos/etcd:2 -> coreos/etcd:2", For(new() { Name = "etcd", Image = "coreos/etcd:2" }));

    [Fact]
    public void What_is_built_here_is_built_whatever_it_could_be_pulled_from() =>
        Assert.Equal("Build /stack/os -> company/os", For(new() { Name = "os", Image = "company/os", Build = Context, Pull = Directive }));

    [Fact]
    public void With_a_preference_for_pulls_it_is_pulled_first_where_it_has_a_directive()
    {
        var plan = ProvisionPlan.For(new() { Name = "os", Image = "company/os", Build = Context, Pull = Directive }, preferPull: true);
        Assert.Equal("Build /stack/os -> company/os", plan.ToString());
        Assert.Equal("Pull r.co/company/os:latest -> company/os", ProvisionPlan.PullOf(plan with { PullReference = "r.co/company/os:latest" })!.ToString());
        Assert.Equal(("r.co/company/os", "if r.co/company/os does not exist"), (plan.PullReference, plan.Reason));
    }

    [Fact]
    public void Without_a_directive_a_preference_for_pulls_changes_nothing() =>
        Assert.Null(ProvisionPlan.For(new() { Name = "os", Image = "company/os", Build = Context }, preferPull: true).PullReference);

    [Fact]
    public void What_one_container_builds_is_not_pulled_for_another()
    {
        var united = ProvisionPlan.Merge(
        [
            ProvisionPlan.For(new() { Name = "test", Image = "company/portal:latest" }, preferPull: false),
            ProvisionPlan.For(new() { Name = "portal", Image = "company/portal", Build = Context }, preferPull: false),
            ProvisionPlan.For(new() { Name = "etcd", Image = "coreos/etcd:2" }, preferPull: false),
        ]);
        Assert.Equal(["test", "portal", "etcd"], united.Select(plan => plan.Container));
        Assert.Equal([RetagOperation.Build, RetagOperation.Build, RetagOperation.Pull], united.Select(plan => plan.Operation));
        Assert.Empty(TargetConflicts.TakeOut(united).Errors);
    }

    [Fact]
    public void It_is_built_for_another_with_its_own_hooks_in_its_own_folder()
    {
        var (own, foreign) = (Path.GetFullPath("/a/crane.yaml"), Path.GetFullPath("/b/crane.yaml"));
        var hook = new ContainerHook { PreBuild = "./prepare" };
        var plan = ProvisionPlan.Merge(
        [
            ProvisionPlan.For(new() { Name = "user", Image = "company/u", Path = foreign, Line = 9 }, preferPull: false),
            ProvisionPlan.For(new() { Name = "own", Image = "company/u", Build = Context, Hook = hook, Path = own, Line = 2 }, preferPull: false),
        ])[0];
        Assert.Equal(("user", own, 2), (plan.Container, plan.Path, plan.Line));
        var command = HookCommand.Before(plan)!;
        Assert.Equal(("own", "the pre-build hook of 'own'"), (command.Container, command.Name));
        Assert.Equal(Path.GetDirectoryName(own), command.Folder);
    }

    [Fact]
    public void Two_pulls_of_one_image_conflict_even_as_an_attempt()
    {
        var plans = new[] { "r.co", "s.co" }.Select(registry => ProvisionPlan.For(
            new() { Name = registry, Image = "company/os", Build = Context, Pull = new() { Registry = registry } }, preferPull: true));
        Assert.Equal(2, TargetConflicts.TakeOut(plans.ToList()).Errors.Count);
    }

    private static string For(CraneContainer container) => ProvisionPlan.For(container, preferPull: false).ToString();
}
