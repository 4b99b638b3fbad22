using Crane.Building;
using Crane.Planning;

namespace Crane.Core.Tests.Planning;

/// <summary>The address of a context may hold credentials: the builder gets them, and nobody reads them.</summary>
public sealed class ContextCredentialsTests
{
    [Fact]
    public void They_are_in_the_source_and_in_nothing_that_is_shown()
    {
        var plan = Plan("http://bob:t0ken@host/app.git#main");
        Assert.Equal("http://bob:t0ken@host/app.git#main", plan.Source);
        Assert.Equal("Build http://***@host/app.git#main -> company/app", plan.ToString());
        Assert.Equal(["set -e", "docker build --tag company/app 'http://***@host/app.git#main'"], plan.Step);
    }

    [Fact]
    public void An_at_sign_in_the_path_of_a_folder_is_none_of_them() =>
        Assert.Equal("Build /home/bob@company/app -> company/app", Plan("/home/bob@company/app").ToString());

    [Fact]
    public void A_conflict_shows_none()
    {
        var kept = TargetConflicts.TakeOut([Plan("http://bob:t0ken@host/a.git"), Plan("http://bob:t0ken@host/b.git")]);
        Assert.Equal(2, kept.Errors.Count);
        Assert.All(kept.Errors, error =>
        {
            Assert.Contains("http://***@host/a.git, ", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("t0ken", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Contexts_that_look_the_same_without_them_are_not_the_same()
    {
        var plans = new[] { Plan("http://a.co/app.git#v@1"), Plan("http://b.co/app.git#v@1") };
        Assert.Equal(2, TargetConflicts.TakeOut(plans).Errors.Count);
        Assert.Equal([0, 1], NodeOutcomes.FirstOfEach([.. plans.Select(plan => new BuildNode(plan, null, [], null))]));
    }

    private static RetagPlan Plan(string context) =>
        BuildPlan.For(new() { Name = "app", Image = "company/app", Build = new() { Context = context } });
}
