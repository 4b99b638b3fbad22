using Crane.Planning;

namespace Crane.Core.Tests.Planning;

public sealed class RegistrySettingsTests
{
    [Fact]
    public void What_several_containers_say_alike_is_one_setting()
    {
        var settings = RegistrySettings.Merge([Setting("r.co", "m.co", "n.co"), Setting("o.co"), Setting("r.co", "m.co", "n.co")]);
        Assert.Equal([Setting("r.co", "m.co", "n.co"), Setting("o.co")], settings);
    }

    [Theory]
    [InlineData("m.co")]
    [InlineData("n.co", "m.co")]
    public void Two_that_differ_are_an_error(params string[] mirrors) => Assert.Equal(
        CraneErrorId.SettingConflict,
        Assert.Throws<CraneException>(() => RegistrySettings.Merge([Setting("r.co", "m.co", "n.co"), Setting("r.co", mirrors)])).Id);

    private static RegistrySetting Setting(string host, params string[] mirrors) => new() { RegistryHost = host, Insecure = true, Mirror = [.. mirrors] };
}
