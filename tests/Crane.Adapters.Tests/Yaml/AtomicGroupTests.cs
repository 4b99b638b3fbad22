using Crane.CraneFile.Selecting;
using Crane.Planning;

namespace Crane.Adapters.Tests.Yaml;

/// <summary>Which selected containers get their names together.</summary>
public sealed class AtomicGroupTests
{
    private const string File = """
        containers: {a: {image: a, requires: [e]}, b: {image: b}, c: {image: c}, d: {image: d}, e: {image: e}}
        groups:
          core: {containers: [a, b], atomic: true}
          edge: {containers: [b, c], atomic: '${ATOMIC}'}
          rest: {containers: [d], atomic: true}
          loose: [a, d]
        """;

    [Theory]
    [InlineData("core", "core|core||||")]
    [InlineData("CORE", "core|core||||")]
    [InlineData("a,b", "|||||")]
    [InlineData("loose", "|||||")]
    [InlineData("a,core", "core|core||||")]
    [InlineData("loose,core", "core|core||||")]
    [InlineData("core,rest", "core|core||rest||")]
    [InlineData("core,edge", "core, edge|core, edge|core, edge|||")]
    [InlineData("rest,edge,core", "edge, core|edge, core|edge, core|rest||")]
    [InlineData("*", "|||||")]
    public void Containers_of_an_atomic_group_belong_together_if_it_was_selected(string names, string groups)
    {
        var byName = Select(new() { Name = names.Split(',') }).ToDictionary(container => container.Name, container => container.AtomicGroup);
        Assert.Equal(groups, string.Concat("abcde".Select(name => $"{byName.GetValueOrDefault($"{name}")}|")));
    }

    [Fact]
    public void It_may_be_selected_by_a_pattern_of_groups() =>
        Assert.All(Select(new() { Group = ["c*"] }), container => Assert.Equal("core", container.AtomicGroup));

    [Fact]
    public void Dependencies_are_no_members_and_excluded_containers_join_no_groups()
    {
        Assert.Null(Select(new() { Name = ["core"], WithDependency = true }).Single(container => container.Name == "e").AtomicGroup);
        var containers = Select(new() { Name = ["core", "edge"], Exclude = ["b"] });
        Assert.Equal(["core", "edge"], containers.Select(container => container.AtomicGroup));
    }

    [Fact]
    public void The_default_group_may_be_one() => Assert.Equal(
        "default", CraneFile.Container("containers: {a: {image: a}, b: {image: b}}\ngroups: {default: {containers: [a], atomic: yes}}").AtomicGroup);

    [Theory]
    [InlineData(RetagOperation.Pull)]
    [InlineData(RetagOperation.Build)]
    [InlineData(RetagOperation.Push)]
    [InlineData(RetagOperation.Copy)]
    public void Plans_have_it(RetagOperation operation) => Assert.All(
        Planner.Plan(Select(new() { Name = ["core"] }), operation).Plans, plan => Assert.Equal("core", plan.AtomicGroup));

    [Fact]
    public void The_push_of_a_pulled_image_has_it()
    {
        var pull = Planner.Plan(Select(new() { Name = ["core"] }), RetagOperation.Pull).Plans[0];
        Assert.Equal("core", Assert.Single(PushPlan.After(new RetagResult(pull) { Status = RetagStatus.Succeeded })).AtomicGroup);
    }

    [Theory]
    [InlineData("default: {atomic: true}", null, "group 'default' has no list of containers.")]
    [InlineData("g: {containers: [a], atomic: '${MAYBE}'}", "g", "'atomic' of group 'g' must be true or false, not '${MAYBE}'.")]
    public void A_group_that_cannot_be_meant_is_an_error_where_it_is_selected(string group, string? name, string words)
    {
        var result = CraneFile.Select(
            $"containers: {{a: {{image: a}}}}\ngroups: {{{group}}}", new() { Name = name is null ? [] : [name] }, "MAYBE=maybe");
        var error = Assert.Single(result.Errors);
        Assert.Equal((CraneErrorId.InvalidValue, 2), (error.Id, error.Location!.Line));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<CraneContainer> Select(SelectionRequest request)
    {
        var result = CraneFile.Select(File, request, "ATOMIC=true");
        Assert.Empty(result.Errors);
        return [.. result.Containers.OrderBy(container => container.Name, StringComparer.Ordinal)];
    }
}
