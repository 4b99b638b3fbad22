using Crane.Planning;

namespace Crane.Core.Tests.Planning;

/// <summary>Plans that were edited between planning and running.</summary>
public sealed class CheckedMoveTests
{
    private static readonly RetagPlan Push = new()
    {
        Operation = RetagOperation.Push,
        Source = "company/os",
        Target = "r.co/company/os",
        Step = ["docker push r.co/company/os"],
    };

    [Theory]
    [InlineData("", "company/os")]
    [InlineData("company/OS", "company/os")]
    [InlineData("company/os", "company/os:")]
    [InlineData("company/os", "../os")]
    [InlineData("TheHolm/os", "r.co/os")]
    [InlineData("company/os", "TheHolm/os")]
    public void An_invalid_name_is_an_error_about_the_plan(string source, string target)
    {
        var plan = Push with { Source = source, Target = target };
        var error = Assert.Throws<CraneException>(() => CheckedMove.Check(plan));
        Assert.Equal((CraneErrorId.InvalidImageName, (object)plan), (error.Id, error.Subject));
    }

    [Fact]
    public void Steps_follow_the_names() =>
        Assert.Equal(
            ["set -e", "docker tag company/os r.co/bob/os", "docker push r.co/bob/os"],
            CheckedMove.Check(Push with { Target = "r.co/bob/os" }).Plan.Step);

    [Theory]
    [InlineData(RetagOperation.Pull, "docker.io/library/postgres:16", "postgres:16")]
    [InlineData(RetagOperation.Push, "postgres:16", "docker.io/library/postgres:16")]
    [InlineData(RetagOperation.Copy, "docker.io/library/postgres:16", "docker.io/library/postgres:16")]
    public void The_side_in_a_registry_is_shown_with_it(RetagOperation operation, string source, string target)
    {
        var plan = CheckedMove.Check(new RetagPlan { Operation = operation, Source = "postgres:16", Target = "postgres:16" }).Plan;
        Assert.Equal((source, target), (plan.Source, plan.Target));
        Assert.Contains("docker.io/library/postgres:16", plan.Step[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_container_of_the_plan() => Assert.StartsWith(
        "Push of 'os': Image name 'TheHolm/os' is not valid: registry host, position 1: 'TheHolm' reads as a registry by its capitals alone; write 'theholm/os'.",
        Assert.Throws<CraneException>(() => CheckedMove.Check(Push with { Container = "os", Source = "TheHolm/os" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_remote_side_is_the_source_of_a_pull_and_the_target_of_a_push()
    {
        Assert.Equal("r.co", CheckedMove.Check(Push).Remote.Registry);
        Assert.Equal("docker.io", CheckedMove.Check(Push with { Operation = RetagOperation.Pull }).Remote.Registry);
    }
}
