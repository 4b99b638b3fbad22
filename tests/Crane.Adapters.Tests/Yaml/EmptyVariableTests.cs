namespace Crane.Adapters.Tests.Yaml;

/// <summary>A variable that is set but empty: what a missing secret of a CI system is.</summary>
public sealed class EmptyVariableTests
{
    [Theory]
    [InlineData("pull: {registry: '${E}'}", "pull.registry")]
    [InlineData("push: {registry: '${E}'}", "push.registry")]
    [InlineData("push: {registry: $E}", "push.registry")]
    [InlineData("push: {registry: '${E-r.co}'}", "push.registry")]
    [InlineData("push: {registry: '${E?message}'}", "push.registry")]
    [InlineData("push: {registry: '${X:-$E}'}", "push.registry")]
    [InlineData("push: {registry: '${A:+$E}'}", "push.registry")]
    [InlineData("pull: {override_user: '${E}'}", "pull.override_user")]
    [InlineData("push: {override_user: '${E}'}", "push.override_user")]
    [InlineData("push: {registry: 'registry.${E}.co'}", "push.registry")]
    [InlineData("push: {registry: '${E}/team'}", "push.registry")]
    [InlineData("push: {registry: 'r.co/${E}'}", "push.registry")]
    [InlineData("push: {registry: '${A}${E}'}", "push.registry")]
    [InlineData("push: {registry: r.co, tag: '${E}'}", "push.tag")]
    [InlineData("push: {registry: r.co, tag: [latest, '${E}']}", "push.tag")]
    [InlineData("push: {skip: '${E}'}", "push.skip")]
    [InlineData("build: '${E}'", "build.context")]
    [InlineData("build: {context: 'sub/${E}'}", "build.context")]
    [InlineData("build: {context: ., file: '${E}'}", "build.file")]
    [InlineData("build: {context: ., target: '${E}'}", "build.target")]
    [InlineData("build: {context: ., platform: ['${E}']}", "build.platform")]
    [InlineData("dockerfile: '${E}'", "dockerfile")]
    [InlineData("requires: ['${E}']", "requires")]
    public void That_decides_about_an_image_is_an_error_with_its_location(string keys, string key)
    {
        var result = CraneFile.Select($"containers:\n  c:\n    image: company/os\n    {keys}\n", null, "E=", "A=a.co");

        Assert.Empty(result.Containers);
        var error = Assert.Single(result.Errors);
        Assert.Equal((CraneErrorId.EmptyVariable, "c", 4), (error.Id, error.ContainerName, error.Location!.Line));
        Assert.Contains($"'{key}' of container 'c' uses the variable E, which is set but empty.", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(error.Location.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("${E:-}", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'${E}'")]
    [InlineData("'${E}os'")]
    [InlineData("'${E}/os'")]
    [InlineData("'company/os:${E}'")]
    public void In_an_image_is_an_error(string image) => Assert.Equal(
        CraneErrorId.EmptyVariable, Assert.Single(CraneFile.Select($"containers: {{c: {{image: {image}}}}}", null, "E=").Errors).Id);

    [Theory]
    [InlineData("registries: {'${E}': {insecure: true}}")]
    [InlineData("registries: {r.co: {mirrors: ['${E}']}}")]
    [InlineData("registries: {r.co: {ca: '${E}'}}")]
    public void In_registry_settings_is_an_error(string registries) => Assert.Equal(
        CraneErrorId.EmptyVariable,
        Assert.Single(CraneFile.Select($"containers: {{c: {{image: r.co/os}}}}\n{registries}", null, "E=").Errors).Id);

    [Theory]
    [InlineData("push: {registry: '${E:-}'}")]
    [InlineData("push: {registry: '${E-}'}")]
    [InlineData("push: {registry: '${E:+r.co}'}")]
    [InlineData("push: {registry: '${E:-${X:-}}'}")]
    [InlineData("push: {registry: '${X-}'}")]
    [InlineData("push: {registry: '${X+r.co}'}")]
    [InlineData("push: {registry: ''}")]
    public void That_its_form_allows_counts_as_missing(string keys) =>
        Assert.Null(CraneFile.Container($"containers: {{c: {{image: company/os, {keys}}}}}", "E=").Push!.Registry);

    [Fact]
    public void Is_a_value_where_it_is_only_passed_on()
    {
        var build = CraneFile.Container(
            "containers: {c: {image: a, build: {context: ., args: ['V=${E}'], label: {v: '${E}'}, cache-from: '${E}'}}}", "E=").Build!;

        Assert.Equal(["V="], build.Argument);
        Assert.Equal(["v="], build.Label);
        Assert.Null(build.CacheFrom);
    }

    [Theory]
    [InlineData("pull: {registry: '${E}'}", "otherwise Docker Hub")]
    [InlineData("push: {registry: '${E}'}", "otherwise it is skipped")]
    public void Says_what_follows_from_allowing_it(string keys, string words) => Assert.Contains(
        words,
        Assert.Single(CraneFile.Select($"containers: {{c: {{image: a, {keys}}}}}", null, "E=").Errors).RecommendedAction,
        StringComparison.Ordinal);
}
