using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class TargetConflictsTests
{
    [Fact]
    public void Two_sources_of_one_target_are_an_error_for_both_and_the_rest_goes_on()
    {
        var kept = TargetConflicts.TakeOut([Push("a", "acme/nginx", "r.co/me/nginx"), Push("b", "acmeim/nginx", "r.co/me/nginx:latest"), Push("c", "acme/db", "r.co/me/db")]);
        Assert.Equal("c", Assert.Single(kept.Plans).Container);
        Assert.Equal(["a", "b"], kept.Errors.Select(error => Assert.IsType<RetagPlan>(error.Target).Container));
        Assert.All(kept.Errors, error =>
        {
            Assert.Equal(CraneErrorId.TargetConflict, error.Id);
            Assert.Contains("acme/nginx", error.Message, StringComparison.Ordinal);
            Assert.Contains("acmeim/nginx", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_same_image_named_twice_is_no_conflict()
    {
        var kept = TargetConflicts.TakeOut([Push("a", "nginx", "r.co/nginx"), Push("b", "docker.io/library/nginx:latest", "r.co/nginx:latest")]);
        Assert.Empty(kept.Errors);
        Assert.Equal(2, kept.Plans.Count);
    }

    [Fact]
    public void Skipped_plans_conflict_with_nothing()
    {
        var skipped = Push("b", "acmeim/nginx", "r.co/me/nginx") with { Status = RetagStatus.Skipped };
        Assert.Empty(TargetConflicts.TakeOut([Push("a", "acme/nginx", "r.co/me/nginx"), skipped]).Errors);
    }

    [Fact]
    public void Pull_and_push_of_one_name_do_not_conflict()
    {
        var pull = Push("a", "r.co/os", "company/os") with { Operation = RetagOperation.Pull };
        Assert.Empty(TargetConflicts.TakeOut([pull, Push("b", "company/db", "company/os")]).Errors);
    }

    [Theory]
    [InlineData("V=1", "V=1", 0)]
    [InlineData("V=1", "V=2", 2)]
    public void Two_containers_that_build_one_image_differently_conflict(string first, string second, int errors)
    {
        var plans = Planner.Plan([Built("a", first), Built("b", second)], RetagOperation.Build).Plans;
        Assert.Equal(errors, TargetConflicts.TakeOut(plans).Errors.Count);
    }

    [Theory]
    [InlineData("make", "make", 0)]
    [InlineData("make", null, 2)]
    public void So_do_two_that_do_something_else_around_the_build(string first, string? second, int errors)
    {
        var plans = Planner.Plan([Hooked("a", first), Hooked("b", second)], RetagOperation.Build).Plans;
        Assert.Equal(errors, TargetConflicts.TakeOut(plans).Errors.Count);
    }

    private static RetagPlan Push(string container, string source, string target) =>
        new() { Container = container, Operation = RetagOperation.Push, Source = source, Target = target };

    private static CraneContainer Built(string name, string argument) =>
        new() { Name = name, Image = "portal", Build = new() { Context = "/src", Argument = [argument] } };

    private static CraneContainer Hooked(string name, string? command) =>
        Built(name, "V=1") with { Hook = command is null ? null : new() { PreBuild = command }, Path = Path.GetFullPath("/stack/crane.yaml") };
}
