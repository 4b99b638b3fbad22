using Crane.Planning;

namespace Crane.Core.Tests.Planning;

/// <summary>Plans that were edited between planning and running.</summary>
public sealed class RetagMoveTests
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
    public void A_name_that_is_none_is_an_error_about_the_plan(string source, string target)
    {
        var plan = Push with { Source = source, Target = target };
        var error = Assert.Throws<CraneException>(() => RetagMove.Of(plan));
        Assert.Equal((CraneErrorId.InvalidImageName, (object)plan), (error.Id, error.Target));
    }

    [Fact]
    public void Steps_follow_the_names() =>
        Assert.Equal(
            ["docker tag company/os r.co/bob/os", "docker push r.co/bob/os"],
            RetagMove.Of(Push with { Target = "r.co/bob/os" }).Plan.Step);

    [Fact]
    public void The_remote_side_is_the_source_of_a_pull_and_the_target_of_a_push()
    {
        Assert.Equal("r.co", RetagMove.Of(Push).Remote.Registry);
        Assert.Equal("docker.io", RetagMove.Of(Push with { Operation = RetagOperation.Pull }).Remote.Registry);
    }
}
