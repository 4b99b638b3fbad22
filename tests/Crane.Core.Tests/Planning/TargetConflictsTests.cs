using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class TargetConflictsTests
{
    [Fact]
    public void Two_sources_of_one_target_are_an_error_for_both_and_the_rest_goes_on()
    {
        var kept = TargetConflicts.TakeOut([Push("a", "acme/nginx", "r.co/me/nginx"), Push("b", "acmeim/nginx", "r.co/me/nginx:latest"), Push("c", "acme/db", "r.co/me/db")]);
        Assert.Equal("c", Assert.Single(kept.Plans).Container);
        Assert.Equal(["a", "b"], kept.Errors.Select(error => Assert.IsType<RetagPlan>(error.Subject).Container));
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

    [Fact]
    public void Hosts_are_the_same_in_upper_and_lower_case() => Assert.Equal(
        2, TargetConflicts.TakeOut([Push("a", "acme/nginx", "R.co/me/nginx"), Push("b", "acmeim/nginx", "r.co/me/nginx")]).Errors.Count);

    [Fact]
    public void The_same_image_with_its_host_in_another_case_is_no_conflict() => Assert.Empty(
        TargetConflicts.TakeOut([Push("a", "R.co/nginx", "s.co/nginx"), Push("b", "r.co/nginx", "S.co/nginx")]).Errors);

    [Theory]
    [InlineData(RetagOperation.Push)]
    [InlineData(RetagOperation.Pull)]
    public void The_remote_name_of_one_must_not_be_the_plain_name_of_another(RetagOperation operation)
    {
        var kept = TargetConflicts.TakeOut(
            [Move("a", "foo:1", "r.co/me/foo:1"), Move("b", "r.co/me/foo:1", "s.co/foo:1"), Move("c", "bar", "r.co/me/bar")]);

        Assert.Equal("c", Assert.Single(kept.Plans).Container);
        Assert.Equal(["a", "b"], kept.Errors.Select(error => Assert.IsType<RetagPlan>(error.Subject).Container));
        Assert.All(kept.Errors, error => Assert.Equal(CraneErrorId.TargetConflict, error.Id));
        Assert.All(kept.Errors, error => Assert.Contains("r.co/me/foo:1 for 'a' also creates", error.Message, StringComparison.Ordinal));

        RetagPlan Move(string container, string plain, string remote) => operation == RetagOperation.Push
            ? Push(container, plain, remote)
            : Push(container, remote, plain) with { Operation = operation };
    }

    [Theory]
    [InlineData("r.co/a:1", "s.co/a:1", "s.co/a:1", "t.co/a:1", 2)]
    [InlineData("s.co/a:1", "t.co/a:1", "r.co/a:1", "S.co/a:1", 2)]
    [InlineData("r.co/a:1", "s.co/a:1", "s.co/a:1", "r.co/a:1", 2)]
    [InlineData("r.co/a:1", "s.co/a:1", "s.co/a:2", "t.co/a:1", 0)]
    [InlineData("r.co/a:1", "s.co/a:1", "r.co/a:1", "t.co/a:1", 0)]
    [InlineData("r.co/a:1", "r.co/a:1", "r.co/a:1", "t.co/a:1", 0)]
    [InlineData(
        "r.co/a:1", "s.co/a:1", "s.co/a:1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "t.co/a:1", 0)]
    public void No_copy_reads_what_another_one_writes(string source, string target, string otherSource, string otherTarget, int errors)
    {
        var kept = TargetConflicts.TakeOut([Copy(source, target), Copy("r.co/c", "s.co/c"), Copy(otherSource, otherTarget)]);
        Assert.Equal((errors, 3 - errors), (kept.Errors.Count, kept.Plans.Count));
        Assert.All(kept.Errors, error => Assert.Equal(CraneErrorId.TargetConflict, error.Id));

        static RetagPlan Copy(string source, string target) => Push("", source, target) with { Operation = RetagOperation.Copy };
    }

    [Fact]
    public void What_stays_under_its_own_name_is_no_conflict() => Assert.Empty(TargetConflicts.TakeOut(
        [Push("a", "foo:1", "r.co/foo:1"), Push("b", "r.co/bar", "r.co/bar")]).Errors);

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
