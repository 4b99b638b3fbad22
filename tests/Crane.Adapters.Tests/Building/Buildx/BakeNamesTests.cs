using Crane.Adapters.Building.Buildx;
using CsCheck;

namespace Crane.Adapters.Tests.Building.Buildx;

public sealed class BakeNamesTests
{
    [Theory]
    [InlineData("os", "os")]
    [InlineData("web-1", "web-1")]
    [InlineData("web.api", "web_2eapi")]
    [InlineData("my_app", "my__app")]
    [InlineData("bäse", "b_c3_a4se")]
    [InlineData("default", "_64efault")]
    public void Names_have_only_what_bake_allows(string name, string encoded) => Assert.Equal(encoded, BakeNames.Encode(name));

    [Fact]
    public void Different_strings_have_different_names() =>
        Gen.Select(Gen.String["ab._2e-"], Gen.String["ab._2e-"])
            .Sample((one, other) => one == other || BakeNames.Encode(one) != BakeNames.Encode(other));

    [Fact]
    public void Containers_of_one_name_and_plans_without_one_have_the_names_of_their_images() => Assert.Equal(
        ["a_2fos", "b_2fos", "c_2fx_3a1", "d"],
        BakeNames.Of([Plan("os", "a/os"), Plan("os", "b/os"), Plan("", "c/x:1"), Plan("d", "d/d")]));

    [Fact]
    public void No_two_targets_have_one_name() =>
        Assert.Equal(["os", "os-2"], BakeNames.Of([Plan("os", "a/os"), Plan("", "os")]));

    private static RetagPlan Plan(string container, string target) => new() { Container = container, Target = target };
}
