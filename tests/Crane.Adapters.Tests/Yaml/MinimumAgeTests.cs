namespace Crane.Adapters.Tests.Yaml;

/// <summary>How old an image must be before a lock takes it.</summary>
public sealed class MinimumAgeTests
{
    [Theory]
    [InlineData("30m", "00:30:00")]
    [InlineData("12h", "12:00:00")]
    [InlineData("3d", "3.00:00:00")]
    [InlineData("1w", "7.00:00:00")]
    [InlineData("'3.00:00'", "3.00:00:00")]
    [InlineData("0d", "00:00:00")]
    [InlineData("'${AGE}'", "2.00:00:00")]
    public void An_age_has_a_unit(string written, string age) =>
        Assert.Equal(TimeSpan.Parse(age, null), CraneFile.Container($"containers: {{c: {{image: a}}}}\nlock: {{minimum_age: {written}}}", "AGE=2d").MinimumAge);

    [Theory]
    [InlineData("image: a", "3.00:00:00")]
    [InlineData("image: a, pull: {minimum_age: 1h}", "01:00:00")]
    [InlineData("image: a, pull: {registry: r.co}", "3.00:00:00")]
    [InlineData("image: b", "1.00:00:00")]
    [InlineData("image: b, pull: {minimum_age: 1h}", "01:00:00")]
    [InlineData("image: b, pull: {registry: r.co}", "3.00:00:00")]
    public void That_of_the_pull_section_wins_over_that_of_the_file(string keys, string age)
    {
        var containers = CraneFile.Containers(
            $"containers: {{c: {{{keys}}}, other: {{image: b, pull: {{registry: o.co, minimum_age: 1d}}}}}}\nlock: {{minimum_age: 3d}}");
        Assert.Equal(TimeSpan.Parse(age, null), containers[0].MinimumAge);
    }

    [Fact]
    public void An_age_alone_leaves_the_default_in_place() => Assert.Equal(
        "registry=r.co; minimum_age=3d",
        CraneFile.Container("containers: {c: {image: a, pull: {minimum_age: 3d}}}\ndefaults: {pull: o}\nremotes: {o: {registry: r.co}}").Pull!.ToString());

    [Theory]
    [InlineData("3")]
    [InlineData("3 days")]
    [InlineData("-3d")]
    [InlineData("1.5h")]
    [InlineData("'-1:00'")]
    [InlineData("d")]
    [InlineData("99999999999999999d")]
    [InlineData("true")]
    public void Anything_else_is_an_error_with_its_location(string written)
    {
        var error = CraneFile.Error($"containers:\n  c: {{image: a, pull: {{minimum_age: {written}}}}}");
        Assert.Equal((CraneErrorId.InvalidValue, 2), (error.Id, error.Location!.Line));
        Assert.Contains("must be an age such as 30m, 12h, 3d, 1w or 3.00:00, not '", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AGE=3", CraneErrorId.InvalidValue, "'lock.minimum_age' of container 'c' must be an age")]
    [InlineData("OTHER=3d", CraneErrorId.UndefinedVariable, "'lock.minimum_age' of container 'c' uses the variable AGE")]
    public void So_is_a_variable_that_has_none(string variable, CraneErrorId id, string words)
    {
        var error = Assert.Single(CraneFile.Select("containers: {c: {image: a}}\nlock: {minimum_age: '${AGE}'}", null, variable).Errors);
        Assert.Equal((id, 2), (error.Id, error.Location!.Line));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_cannot_have_one() => Assert.Contains(
        "'remotes.o' has no key 'minimum_age'. It belongs under 'containers.NAME.pull' or 'lock'.",
        CraneFile.Error("containers: {}\nremotes: {o: {registry: r.co, minimum_age: 3d}}").Message, StringComparison.Ordinal);
}
