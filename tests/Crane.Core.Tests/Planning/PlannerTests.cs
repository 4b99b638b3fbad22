using Crane.Planning;

namespace Crane.Core.Tests.Planning;

/// <summary>The table "What each operation plans".</summary>
public sealed class PlannerTests
{
    private const string Pinned = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly CraneContainer ImageOnly = new() { Name = "etcd", Image = "coreos/etcd:2", Path = "/stack/crane.yaml", Line = 8 };
    private static readonly ContainerBuild Context = new() { Context = "/stack/os" };

    [Fact]
    public void An_image_alone_is_pulled_under_its_own_name_and_shown_with_its_registry()
    {
        Assert.Equal("docker.io/coreos/etcd:2 -> coreos/etcd:2", Moves(ImageOnly, RetagOperation.Pull));
        Assert.Equal("docker.io/library/alpine -> alpine", Moves(ImageOnly with { Image = "alpine" }, RetagOperation.Pull));
        Assert.Equal(["set -e", "docker pull docker.io/coreos/etcd:2"], Plan(ImageOnly, RetagOperation.Pull).Step);
    }

    [Theory]
    [InlineData("postgres:16", null, null)]
    [InlineData("company/app", null, null)]
    [InlineData("company/app", "", "")]
    public void What_no_directive_and_no_registry_of_its_own_sends_anywhere_is_not_pushed(string image, string? registry, string? user)
    {
        foreach (var tags in new string[]?[] { null, ["latest"] })
        {
            var container = ImageOnly with { Image = image, Push = new() { Registry = registry, OverrideUser = user, Tag = tags } };
            var push = Plan(container, RetagOperation.Push);
            Assert.Equal((RetagStatus.Skipped, "no push directive", image, ""), (push.Status, push.Reason, push.Source, push.Target));
            Assert.Empty(push.Step);
            var copy = Plan(container with { Pull = new() { Registry = "r.co" } }, RetagOperation.Copy);
            Assert.Equal((RetagStatus.Skipped, "no push directive", $"r.co/{image}"), (copy.Status, copy.Reason, copy.Source));
        }
    }

    [Theory]
    [InlineData("r.co/company/app", null, null, "r.co/company/app")]
    [InlineData("docker.io/company/app", null, null, "docker.io/company/app")]
    [InlineData("company/app:1", "docker.io", null, "docker.io/company/app:1")]
    [InlineData("app", "index.docker.io", null, "docker.io/library/app")]
    [InlineData("company/app", null, "me", "docker.io/me/app")]
    [InlineData("app", null, "me", "docker.io/me/app")]
    public void A_push_goes_where_a_directive_or_the_name_says(string image, string? registry, string? user, string target)
    {
        var plan = Plan(ImageOnly with { Image = image, Push = new() { Registry = registry, OverrideUser = user } }, RetagOperation.Push);
        Assert.Equal((RetagStatus.Planned, target), (plan.Status, plan.Target));
        Assert.EndsWith($"docker push {target}", plan.Step[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_alone_is_not_built()
    {
        var plan = Plan(ImageOnly, RetagOperation.Build);
        Assert.Equal((RetagStatus.Skipped, "no build context"), (plan.Status, plan.Reason));
    }

    [Fact]
    public void Pull_directives_name_the_source()
    {
        var os = new CraneContainer
        {
            Name = "os",
            Image = "company/os",
            Build = Context,
            Pull = new() { Registry = "registry.company.co", OverrideUser = "bob" },
        };
        Assert.Equal("registry.company.co/bob/os -> company/os", Moves(os, RetagOperation.Pull));
        Assert.Equal(
            ["set -e", "docker pull registry.company.co/bob/os", "docker tag registry.company.co/bob/os company/os"],
            Plan(os, RetagOperation.Pull).Step);
    }

    [Fact]
    public void What_is_built_here_and_has_no_pull_directive_is_not_pulled()
    {
        var os = new CraneContainer { Name = "os", Image = "company/os", Build = Context, Pull = new() };
        var plan = Plan(os, RetagOperation.Pull);
        Assert.Equal((RetagStatus.Skipped, "built here", "company/os"), (plan.Status, plan.Reason, plan.Target));
        Assert.Empty(plan.Step);
    }

    [Fact]
    public void A_build_goes_from_the_context_to_the_plain_name()
    {
        var os = new CraneContainer
        {
            Name = "os",
            Image = "company/os:1",
            Build = new() { Context = "/my stack/os", File = "Dockerfile.dev", Argument = ["V=it's", "HTTP_PROXY"], Target = "final" },
        };
        Assert.Equal("/my stack/os -> company/os:1", Moves(os, RetagOperation.Build));
        Assert.Equal(
            [
                "set -e",
                @"docker build --tag company/os:1 --file '/my stack/os/Dockerfile.dev' --build-arg 'V=it'\''s' "
                    + "--build-arg HTTP_PROXY --target final '/my stack/os'",
            ],
            Plan(os, RetagOperation.Build).Step);
    }

    [Fact]
    public void Push_directives_name_the_target()
    {
        var service = new CraneContainer
        {
            Name = "service",
            Image = "company/service",
            Push = new() { Registry = "registry.bob.company.co", OverrideUser = "bob" },
        };
        Assert.Equal("company/service -> registry.bob.company.co/bob/service", Moves(service, RetagOperation.Push));
        Assert.Equal(
            [
                "set -e",
                "docker tag company/service registry.bob.company.co/bob/service",
                "docker push registry.bob.company.co/bob/service",
            ],
            Plan(service, RetagOperation.Push).Step);
    }

    [Fact]
    public void Push_skip_wins_over_everything_else()
    {
        var etcd = ImageOnly with { Push = new() { Skip = true, Registry = "r..co" } };
        var plan = Plan(etcd, RetagOperation.Push);
        Assert.Equal((RetagStatus.Skipped, "push.skip", "coreos/etcd:2", ""), (plan.Status, plan.Reason, plan.Source, plan.Target));
    }

    [Fact]
    public void Push_tags_make_a_plan_each()
    {
        var os = new CraneContainer { Name = "os", Image = "company/os:1", Push = new() { Registry = "r.co", Tag = ["latest", "abc123"] } };
        var plans = Planner.Plan([os], RetagOperation.Push).Plans;
        Assert.Equal(["r.co/company/os:latest", "r.co/company/os:abc123"], plans.Select(plan => plan.Target));
        Assert.All(plans, plan => Assert.Equal("company/os:1", plan.Source));
    }

    [Fact]
    public void A_pinned_image_is_pulled_by_its_digest_and_tagged_without_it()
    {
        var os = new CraneContainer { Name = "os", Image = $"company/os:1@{Pinned}", Pull = new() { Registry = "r.co" } };
        Assert.Equal($"r.co/company/os:1@{Pinned} -> company/os:1", Moves(os, RetagOperation.Pull));
        Assert.Equal(
            ["set -e", $"docker pull r.co/company/os:1@{Pinned}", $"docker tag r.co/company/os@{Pinned} company/os:1"],
            Plan(os, RetagOperation.Pull).Step);
    }

    [Fact]
    public void A_pinned_image_of_a_plain_name_is_still_tagged()
    {
        var os = new CraneContainer { Name = "os", Image = $"company/os:1@{Pinned}" };
        Assert.Equal(
            ["set -e", $"docker pull docker.io/company/os:1@{Pinned}", $"docker tag docker.io/company/os@{Pinned} company/os:1"],
            Plan(os, RetagOperation.Pull).Step);
    }

    [Fact]
    public void A_plan_says_where_it_comes_from()
    {
        var plan = Plan(ImageOnly, RetagOperation.Pull);
        Assert.Equal(("etcd", "/stack/crane.yaml", 8), (plan.Container, plan.Path, plan.Line));
    }

    [Theory]
    [InlineData(null, null, CraneErrorId.MissingImage)]
    [InlineData("", null, CraneErrorId.MissingImage)]
    [InlineData("company/Foo", null, CraneErrorId.InvalidImageName)]
    [InlineData("TheHolm/app", null, CraneErrorId.InvalidImageName)]
    [InlineData("TheHolm/app", "r.co", CraneErrorId.InvalidImageName)]
    [InlineData("company/app", "TheHolm", CraneErrorId.InvalidRegistry)]
    [InlineData("company/foo", "registry..company.co", CraneErrorId.InvalidRegistry)]
    [InlineData("company/foo@" + Pinned, "r.co", CraneErrorId.DigestWithoutTag)]
    public void What_cannot_be_planned_is_an_error_about_its_container_and_the_others_go_on(
        string? image, string? registry, CraneErrorId expected)
    {
        var broken = new CraneContainer { Name = "broken", Image = image, Pull = new() { Registry = registry } };
        var planned = Planner.Plan([broken, ImageOnly], RetagOperation.Pull);
        var error = Assert.Single(planned.Errors);
        Assert.Equal((expected, (object)broken), (error.Id, error.Subject));
        Assert.NotNull(error.RecommendedAction);
        Assert.Equal("etcd", Assert.Single(planned.Plans).Container);
    }

    private static RetagPlan Plan(CraneContainer container, RetagOperation operation)
    {
        var planned = Planner.Plan([container], operation);
        Assert.Empty(planned.Errors);
        return Assert.Single(planned.Plans);
    }

    private static string Moves(CraneContainer container, RetagOperation operation)
    {
        var plan = Plan(container, operation);
        Assert.Equal(RetagStatus.Planned, plan.Status);
        return $"{plan.Source} -> {plan.Target}";
    }
}
