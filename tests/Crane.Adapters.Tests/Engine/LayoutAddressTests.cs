using Crane.Adapters.Engine;

namespace Crane.Adapters.Tests.Engine;

public sealed class LayoutAddressTests
{
    [Theory]
    [InlineData("oci:/srv/images", "/srv/images")]
    [InlineData("oci:images", "images")]
    [InlineData("oci:.", ".")]
    [InlineData("oci:~/my images", "~/my images")]
    [InlineData(@"oci:C:\images", @"C:\images")]
    [InlineData(@"oci:\\server\share", @"\\server\share")]
    [InlineData("oci:a:b", "a:b")]
    public void What_follows_oci_is_the_folder(string engine, string folder)
    {
        Assert.True(LayoutAddress.TryParse(engine, out var found));
        Assert.Equal(folder, found);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("docker")]
    [InlineData("oci")]
    [InlineData("unix:///var/run/docker.sock")]
    public void Other_engines_are_not_layouts(string? engine) => Assert.False(LayoutAddress.TryParse(engine, out _));

    [Theory]
    [InlineData("oci:")]
    [InlineData("oci:  ")]
    [InlineData("oci://registry.company.co/images")]
    public void An_address_without_a_folder_is_an_error_that_shows_the_form(string engine)
    {
        var error = Assert.Throws<CraneException>(() => LayoutAddress.TryParse(engine, out _));
        Assert.Equal(CraneErrorId.InvalidValue, error.Id);
        Assert.Contains($"'{engine}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("oci:/srv/images", error.RecommendedAction, StringComparison.Ordinal);
    }
}
