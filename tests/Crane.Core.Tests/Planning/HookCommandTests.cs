using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class HookCommandTests
{
    private static readonly string Folder = Path.GetFullPath("/stack");

    private static readonly CraneContainer Os = new()
    {
        Name = "os",
        Image = "company/os",
        Build = new() { Context = "/stack/os" },
        Path = Path.Combine(Folder, "crane.yaml"),
    };

    [Fact]
    public void A_build_plan_has_the_hooks_of_its_container_and_they_run_in_the_folder_of_its_file()
    {
        var plan = Plan(new ContainerHook { PreBuild = "make 'a b'", PostBuild = "./check" });
        var before = HookCommand.Before(plan)!;
        Assert.Equal(("os", "make", Folder), (before.Container, before.Program, before.Folder));
        Assert.Equal(["a b"], before.Arguments);
        Assert.Equal("./check", HookCommand.After(plan)!.Program);
    }

    [Fact]
    public void A_blank_hook_is_none() => Assert.Null(HookCommand.Before(Plan(new ContainerHook { PreBuild = " " })));

    [Theory]
    [InlineData("make && make test")]
    [InlineData("'' make")]
    public void A_hook_that_needs_a_shell_is_an_error_about_its_container_at_planning(string command)
    {
        var planned = Planner.Plan([Os with { Hook = new ContainerHook { PostBuild = command } }], RetagOperation.Build);
        Assert.Empty(planned.Plans);
        var error = Assert.Single(planned.Errors);
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains("the post-build hook of 'os'", error.Message, StringComparison.Ordinal);
        Assert.Contains("sh -c", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("os", Assert.IsType<CraneContainer>(error.Subject).Name);
    }

    [Fact]
    public void Hooks_are_of_no_concern_to_pulls_and_pushes()
    {
        var container = Os with { Hook = new ContainerHook { PreBuild = "a && b" } };
        Assert.Empty(Planner.Plan([container], RetagOperation.Push).Errors);
        Assert.Null(Assert.Single(Planner.Plan([container], RetagOperation.Push).Plans).Hook);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("crane.yaml")]
    public void A_plan_that_has_lost_its_path_says_that_its_hooks_need_it(string? path)
    {
        var plan = Plan(new ContainerHook { PreBuild = "make" }) with { Path = path };
        var error = Assert.Throws<CraneException>(() => BuildPlan.Check(plan, build => build));
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Same(plan, error.Subject);
    }

    private static RetagPlan Plan(ContainerHook hook) => Assert.Single(Planner.Plan([Os with { Hook = hook }], RetagOperation.Build).Plans);
}
