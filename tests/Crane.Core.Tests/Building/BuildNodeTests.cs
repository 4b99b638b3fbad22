using Crane.Building;

namespace Crane.Core.Tests.Building;

public sealed class BuildNodeTests
{
    [Fact]
    public void What_is_ours_and_is_not_made_in_this_run_is_kept()
    {
        Assert.Null(Node(Dockerfiles.Plan("os")).Kept);
        Assert.Equal(ImageName.Parse("company/os"), (Node(Dockerfiles.Plan("os")) with { IsWanted = false }).Kept);
        Assert.Equal(ImageName.Parse("company/os"), Node(Dockerfiles.Plan("os") with { Status = RetagStatus.Skipped }).Kept);
        Assert.Equal(ImageName.Parse("company/os"), Node(Skipped(RetagOperation.Pull)).Kept);
    }

    [Fact]
    public void An_image_that_a_container_only_names_is_somebody_elses() => Assert.Null(Node(Skipped(RetagOperation.Build)).Kept);

    private static BuildNode Node(RetagPlan plan) => new(plan, null, [], null);

    private static RetagPlan Skipped(RetagOperation operation) =>
        new() { Operation = operation, Target = "company/os", Status = RetagStatus.Skipped };
}
