using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class OverwriteRuleTests
{
    private static readonly CraneContainer Web = new()
    {
        Name = "web",
        Image = "company/web:v1",
        Pull = new() { Registry = "r.co" },
        Push = new() { Registry = "p.co", Tag = ["v1", "latest", "dev"], Overwrite = OverwriteMode.Lease, NeverOverwrite = ["v*"], AlwaysOverwrite = ["dev", "v1"] },
    };

    [Theory]
    [InlineData(RetagOperation.Push)]
    [InlineData(RetagOperation.Copy)]
    public void Patterns_win_over_the_mode_and_never_wins_over_always(RetagOperation operation) => Assert.Equal(
        [OverwriteMode.Never, OverwriteMode.Lease, OverwriteMode.Always],
        Planner.Plan([Web], operation).Plans.Select(plan => plan.Overwrite));

    [Theory]
    [InlineData(RetagOperation.Pull)]
    [InlineData(RetagOperation.Build)]
    public void A_plan_whose_target_is_here_has_none(RetagOperation operation) =>
        Assert.Null(Assert.Single(Planner.Plan([Web with { Build = new() { Context = "/web" } }], operation).Plans).Overwrite);

    [Fact]
    public void An_image_without_a_tag_has_the_tag_latest()
    {
        var container = Web with { Image = "company/web", Push = new() { Registry = "p.co", NeverOverwrite = ["LATEST"] } };
        Assert.Equal(OverwriteMode.Never, Assert.Single(Planner.Plan([container], RetagOperation.Push).Plans).Overwrite);
    }

    [Fact]
    public void What_nothing_is_said_about_has_the_default() =>
        Assert.Null(Assert.Single(Planner.Plan([Web with { Push = new() { Registry = "p.co", NeverOverwrite = ["1.*"] } }], RetagOperation.Push).Plans).Overwrite);

    [Fact]
    public void The_push_of_a_pulled_image_has_it_too()
    {
        var pull = new RetagResult(Assert.Single(Planner.Plan([Web], RetagOperation.Pull).Plans)) { Status = RetagStatus.Succeeded };
        Assert.Equal(Planner.Plan([Web], RetagOperation.Push).Plans.Select(plan => plan.Overwrite), PushPlan.After(pull).Select(plan => plan.Overwrite));
    }
}
