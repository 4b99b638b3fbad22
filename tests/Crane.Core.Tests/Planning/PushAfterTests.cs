using Crane.CraneFile.Model;
using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class PushAfterTests
{
    private static readonly CraneContainer Os = new()
    {
        Name = "os",
        Image = "company/os:1",
        Build = new() { Context = "/os" },
        Push = new() { Registry = "r.co", OverrideUser = "me", Tag = ["a", "b"] },
        Path = "/crane.yaml",
        Line = 7,
    };

    [Theory]
    [InlineData(RetagStatus.Succeeded)]
    [InlineData(RetagStatus.UpToDate)]
    public void What_was_made_is_pushed_as_its_container_says(RetagStatus status) =>
        Assert.Equal(SectionText.Write(PushPlan.For(Os)), SectionText.Write(PushPlan.After(Made(Os, status))));

    [Theory]
    [InlineData(RetagStatus.Failed, "", "build failed: no space left")]
    [InlineData(RetagStatus.Canceled, "", "build was canceled")]
    [InlineData(RetagStatus.Planned, "", "build was not run")]
    [InlineData(RetagStatus.Skipped, "no build context", "build was skipped: no build context")]
    public void What_was_not_made_is_skipped_with_the_reason(RetagStatus status, string reason, string said)
    {
        var plan = Assert.Single(PushPlan.After(Made(Os, status) with { Reason = reason, Error = "no space left\nmore" }));
        Assert.Equal((RetagStatus.Skipped, said), (plan.Status, plan.Reason));
        Assert.Equal(("os", "company/os:1", 7), (plan.Container, plan.Source, plan.Line));
    }

    [Fact]
    public void What_was_up_to_date_is_pushed() =>
        Assert.Equal(2, PushPlan.After(Made(Os, RetagStatus.Skipped) with { Reason = "up to date" }).Count(plan => plan.Status == RetagStatus.Planned));

    [Fact]
    public void What_is_not_ours_is_pulled_and_not_pushed()
    {
        var etcd = new CraneContainer { Name = "etcd", Image = "coreos/etcd:2", Push = new() { Skip = true } };
        Assert.Equal("push.skip", Assert.Single(PushPlan.After(Pulled(etcd))).Reason);
    }

    [Fact]
    public void What_was_pulled_by_its_digest_is_pushed_by_it()
    {
        var digest = $"sha256:{new string('a', 64)}";
        var pinned = new CraneContainer { Name = "x", Image = $"company/x:1@{digest}", Push = new() { Registry = "r.co" } };
        Assert.Equal($"r.co/company/x:1@{digest}", Assert.Single(PushPlan.After(Pulled(pinned))).Target);
    }

    [Fact]
    public void A_directive_that_cannot_be_followed_is_an_error_about_the_result()
    {
        var made = Made(Os with { Push = new() { Registry = "no registry" } }, RetagStatus.Succeeded);
        var error = Assert.Throws<CraneException>(() => PushPlan.After(made));
        Assert.Equal((CraneErrorId.InvalidRegistry, made), (error.Id, error.Subject));
    }

    private static RetagResult Made(CraneContainer container, RetagStatus status) => new(BuildPlan.For(container)) { Status = status };

    private static RetagResult Pulled(CraneContainer container) => new(PullPlan.For(container)) { Status = RetagStatus.Succeeded };
}
