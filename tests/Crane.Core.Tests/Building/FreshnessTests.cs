using Crane.Building;
using Crane.Core.Tests.Execution;

namespace Crane.Core.Tests.Building;

public sealed class FreshnessTests
{
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task What_is_missing_is_built_and_so_is_what_comes_after_it() =>
        Assert.Equal(["Planned missing", "Planned after company/os"], await ReasonsAsync());

    [Fact]
    public async Task An_image_that_begins_with_its_base_is_up_to_date()
    {
        _store.AddLocal("company/os", 'a', "base");
        _store.AddLocal("company/service", 'b', "base", "more");
        Assert.Equal(["Skipped up to date", "Skipped up to date"], await ReasonsAsync());
    }

    [Fact]
    public async Task An_image_that_does_not_begin_with_its_base_any_more_is_built_again()
    {
        _store.AddLocal("company/os", 'a', "new base");
        _store.AddLocal("company/service", 'b', "base", "more");
        Assert.Equal(["Skipped up to date", "Planned base company/os changed"], await ReasonsAsync());
    }

    [Fact]
    public async Task Reasons_are_given_even_where_everything_is_built()
    {
        _store.AddLocal("company/os", 'a', "base");
        Assert.Equal(["Planned up to date", "Planned missing"], await ReasonsAsync(changedOnly: false));
    }

    [Fact]
    public async Task A_build_without_a_Dockerfile_that_can_be_read_is_due_to_fail()
    {
        _store.AddLocal("company/os", 'a', "base");
        _store.AddLocal("company/service", 'b', "base", "more");
        Assert.Equal(["Planned its Dockerfile cannot be read", "Planned after company/os"], await ReasonsAsync(os: ["!"]));
    }

    private async Task<IEnumerable<string>> ReasonsAsync(bool changedOnly = true, params string[] os)
    {
        var graph = BuildGraph.Of(
            [Dockerfiles.Plan("os"), Dockerfiles.Plan("service")], new Dockerfiles(("/os", os), ("/service", ["company/os"])));
        var nodes = await Freshness.CheckAsync(graph.Nodes, _store, changedOnly, TestContext.Current.CancellationToken);
        return nodes.Select(node => $"{node.Plan.Status} {node.Plan.Reason}");
    }
}
