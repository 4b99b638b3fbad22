using Crane.Oci;

namespace Crane.Core.Tests.Transfer;

/// <summary>Which platforms are meant by a name of one.</summary>
public sealed class ImagePlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux", "amd64", null, null, true)]
    [InlineData("linux/amd64", "linux", "amd64", null, "6.1", true)]
    [InlineData("linux/arm", "linux", "arm", "v7", null, true)]
    [InlineData("Windows/x86_64", "windows", "amd64", null, "10.0.20348.2113", true)]
    [InlineData("windows/amd64:10.0.20348", "windows", "amd64", null, "10.0.20348.2113", true)]
    [InlineData("windows/amd64:10.0.20348.2113", "windows", "amd64", null, "10.0.20348.2113", true)]
    [InlineData("windows/amd64:10", "windows", "amd64", null, "10.0.20348.2113", true)]
    [InlineData("windows/amd64:10.0.2034", "windows", "amd64", null, "10.0.20348.2113", false)]
    [InlineData("windows/amd64:10.0.17763", "windows", "amd64", null, "10.0.20348.2113", false)]
    [InlineData("windows/amd64:10.0.20348.2113.1", "windows", "amd64", null, "10.0.20348.2113", false)]
    [InlineData("windows/amd64:10.0.20348", "windows", "amd64", null, null, false)]
    public void Version_is_looked_at_where_it_is_given(string asked, string os, string architecture, string? variant, string? version, bool isMeant)
    {
        Assert.True(ImagePlatform.TryParse(asked, out var platform));
        Assert.Equal(isMeant, platform.Accepts(new ImagePlatform(os, architecture, variant) { OsVersion = version }));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("linux")]
    [InlineData("linux/")]
    [InlineData("windows/amd64:")]
    [InlineData("windows:10.0")]
    [InlineData("a/b/c/d")]
    public void Anything_else_is_no_platform(string? written) => Assert.False(ImagePlatform.TryParse(written, out _));

    [Theory]
    [InlineData("linux/arm/v6")]
    [InlineData("windows/amd64:10.0.20348.2113")]
    public void Platform_is_shown_as_it_is_read(string written) =>
        Assert.Equal(written, ImagePlatform.TryParse(written, out var platform) ? platform.ToString() : null);
}
