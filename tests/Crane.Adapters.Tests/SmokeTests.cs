namespace Crane.Adapters.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Error_keeps_its_id() => Assert.Equal(CraneErrorId.TagFailed, new CraneException(CraneErrorId.TagFailed, "m").Id);
}
