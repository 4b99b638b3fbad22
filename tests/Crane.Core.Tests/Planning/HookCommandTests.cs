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
    [InlineData(RetagOperation.Pull, "Pull")]
    [InlineData(RetagOperation.Push, "Push")]
    [InlineData(RetagOperation.Copy, "Copy")]
    public void A_move_has_only_the_gate(RetagOperation operation, string word)
    {
        var container = Os with
        {
            Pull = new() { Registry = "r.co" },
            Push = new() { Registry = "p.co" },
            Hook = new ContainerHook { PreBuild = "make", PreTag = "scan --all" },
        };
        var plan = Assert.Single(Planner.Plan([container], operation).Plans);
        Assert.Equal(new ContainerHook { PreTag = "scan --all" }, plan.Hook);
        var gate = HookCommand.Gate(plan)!.About("r.co/company/os@sha256:aa", "linux/arm64");
        Assert.Equal(
            ("the pre-tag hook of 'os'", $"'{plan.Target}' keeps its name", CraneErrorId.GateFailed), (gate.Name, gate.Consequence, gate.FailureId));
        Assert.Equal(
            [("CRANE_IMAGE", "r.co/company/os@sha256:aa"), ("CRANE_OPERATION", word), ("CRANE_PLATFORM", "linux/arm64")],
            gate.Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => (variable.Key, variable.Value)));
    }

    [Fact]
    public void A_build_has_all_hooks_and_the_pull_instead_of_it_only_the_gate()
    {
        var hook = new ContainerHook { PreBuild = "make", PostBuild = "check", PreTag = "scan" };
        Assert.Equal(hook, Plan(hook).Hook);
        var pull = ProvisionPlan.PullOf(Plan(hook) with { PullReference = "r.co/company/os", HookedContainer = "own" })!;
        Assert.Equal((new ContainerHook { PreTag = "scan" }, "own"), (pull.Hook, HookCommand.Gate(pull)!.Container));
        Assert.Null(ProvisionPlan.PullOf(Plan(new() { PreBuild = "make" }) with { PullReference = "r.co/company/os", HookedContainer = "own" })!.HookedContainer);
    }

    [Theory]
    [InlineData(RetagOperation.Pull)]
    [InlineData(RetagOperation.Push)]
    public void A_gate_that_needs_a_shell_is_an_error_at_planning_and_in_an_edited_plan(RetagOperation operation)
    {
        var container = Os with { Pull = new() { Registry = "r.co" }, Push = new() { Registry = "p.co" }, Hook = new() { PreTag = "scan" } };
        var plan = Assert.Single(Planner.Plan([container], operation).Plans);
        Assert.Equal(CraneErrorId.InvalidValue, Assert.Single(Planner.Plan([container with { Hook = new() { PreTag = "a | b" } }], operation).Errors).Id);
        var error = Assert.Throws<CraneException>(() => CheckedMove.Check(plan with { Hook = new() { PreTag = "a | b" } }));
        Assert.Contains("the pre-tag hook of 'os'", error.Message, StringComparison.Ordinal);
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
