namespace Crane.Core.Tests.Planning;

public sealed class RetagResultTests
{
    [Fact]
    public void A_result_says_everything_that_its_plan_said()
    {
        var plan = new RetagPlan
        {
            Container = "os",
            Operation = RetagOperation.Build,
            Source = "/stack/os",
            Target = "company/os",
            Status = RetagStatus.Planned,
            Reason = "missing",
            Digest = "sha256:1",
            TargetDigest = "none",
            SizeBytes = 5,
            Overwrite = OverwriteMode.Never,
            AtomicGroup = "core",
            Step = ["docker build"],
            Base = ["debian"],
            Build = new() { Context = "/stack/os", File = "Other", Argument = ["A=1"] },
            Hook = new() { PreBuild = "make" },
            Requires = ["web"],
            RegistrySetting = [new() { RegistryHost = "r.co", Insecure = true }],
            Path = "/stack/crane.yaml",
            Line = 3,
        };
        var result = new RetagResult(plan);
        Assert.All(typeof(RetagPlan).GetProperties(), property =>
            Assert.Equal(property.GetValue(plan), typeof(RetagResult).GetProperty(property.Name)?.GetValue(result)));
    }
}
