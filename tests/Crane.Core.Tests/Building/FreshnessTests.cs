using Crane.Building;
using Crane.Core.Tests.Execution;

namespace Crane.Core.Tests.Building;

/// <summary>Two images, of which service is built on os; what they are built from is said by the test.</summary>
public sealed class FreshnessTests
{
    private readonly MemoryStore _store = new();
    private readonly Inputs _inputs = new();

    [Fact]
    public async Task What_is_missing_is_built_and_so_is_what_comes_after_it() =>
        Assert.Equal(["Planned image is missing", "Planned after company/os"], await ReasonsAsync());

    [Fact]
    public async Task What_was_built_from_the_same_is_up_to_date()
    {
        await BuildAsync();
        Assert.Equal(["Skipped up to date", "Skipped up to date"], await ReasonsAsync());
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("context")]
    [InlineData("build argument VERSION")]
    [InlineData("platform")]
    public async Task What_was_built_from_something_else_is_due(string part)
    {
        await BuildAsync();
        _inputs.Of("service")[part] = "changed";
        Assert.Equal(["Skipped up to date", $"Planned {part} changed"], await ReasonsAsync());
    }

    [Fact]
    public async Task A_part_that_is_gone_has_changed()
    {
        _inputs.Of("os")["target"] = "test";
        await BuildAsync();
        _inputs.Of("os").Remove("target");
        Assert.Equal("Planned target changed", (await ReasonsAsync())[0]);
    }

    [Fact]
    public async Task What_is_known_of_the_context_is_reported()
    {
        await BuildAsync();
        _inputs.Of("os")["context"] = "changed";
        _inputs.ContextChange = "os/greeting changed";
        Assert.Equal(["Planned os/greeting changed", "Planned after company/os"], await ReasonsAsync());
    }

    [Fact]
    public async Task A_base_that_was_built_from_something_else_has_changed()
    {
        await BuildAsync();
        _inputs.Of("os")["Dockerfile"] = "new";
        Label("company/os");
        Assert.Equal(["Skipped up to date", "Planned base company/os changed"], await ReasonsAsync());
        Assert.Equal(["Planned up to date", "Planned base company/os changed"], await ReasonsAsync(changedOnly: false));
    }

    [Fact]
    public async Task A_base_that_was_built_again_from_the_same_has_changed_where_its_layers_have()
    {
        await BuildAsync();
        _store.AddLocal("company/os", 'a', "newer base");
        Label("company/os");
        Assert.Equal(["Skipped up to date", "Planned base company/os changed"], await ReasonsAsync());
    }

    [Fact]
    public async Task An_image_that_does_not_say_what_it_was_built_from_is_due()
    {
        _store.AddLocal("company/os", 'a', "base");
        Assert.Equal("Planned no record of what it was built from", (await ReasonsAsync())[0]);
    }

    [Fact]
    public async Task A_label_that_comes_from_the_base_says_nothing()
    {
        await BuildAsync();
        Label("company/service", "company/os");
        Assert.Equal("Planned no record of what it was built from", (await ReasonsAsync())[1]);
    }

    [Fact]
    public async Task What_a_release_has_tagged_says_what_it_was_built_from()
    {
        await BuildAsync();
        Label("company/os", "company/os:1.0");
        Assert.Equal(["Skipped up to date", "Skipped up to date"], await ReasonsAsync());
    }

    [Fact]
    public async Task A_base_is_the_image_that_the_run_makes_under_its_own_tag()
    {
        await BuildAsync();
        foreach (var name in new[] { "company/os", "company/service" })
            await _store.TagAsync(ImageName.Parse(name), ImageName.Parse($"{name}:2.0"), TestContext.Current.CancellationToken);
        _store.AddLocal("company/os", 'c', "older base");
        RetagPlan[] release = [.. new[] { "os", "service" }.Select(name => Dockerfiles.Plan(name) with { Target = $"company/{name}:2.0" })];
        Assert.Equal(["Skipped up to date", "Skipped up to date"], await ReasonsAsync(release, changedOnly: true));
    }

    [Fact]
    public async Task A_hook_before_a_build_makes_it_due_since_nobody_knows_what_it_makes()
    {
        await BuildAsync();
        var plan = Dockerfiles.Plan("os") with { Hook = new ContainerHook { PreBuild = "make" } };
        Assert.Equal("Planned its pre-build hook may change what it is built from", (await ReasonsAsync(plan))[0]);
    }

    [Fact]
    public async Task A_context_that_nobody_knows_about_is_due()
    {
        await BuildAsync();
        _inputs.IsKnown = false;
        Assert.Equal("Planned the current content of its context is unknown", (await ReasonsAsync())[0]);
    }

    [Fact]
    public async Task A_build_without_a_Dockerfile_that_can_be_read_is_due_to_fail()
    {
        await BuildAsync();
        Assert.Equal(["Planned its Dockerfile cannot be read", "Planned after company/os"], await ReasonsAsync(os: ["!"]));
    }

    /// <summary>Both images as they are where they were built from what is said now.</summary>
    private async Task BuildAsync()
    {
        _store.AddLocal("company/os", 'a', "base");
        Label("company/os");
        _store.AddLocal("company/service", 'b', "base", "more");
        var service = await _inputs.ReadAsync(Dockerfiles.Plan("service"), null, TestContext.Current.CancellationToken);
        _store.Label("company/service", await new InputLabels(_inputs, _store).CompleteAsync(
            service!, name => name, InputLabels.NoneBuilt, TestContext.Current.CancellationToken));
    }

    private void Label(string image, string? builtAs = null) =>
        _store.Label(image, BuildInputs.Of(ImageName.Parse(builtAs ?? image), _inputs.Of((builtAs ?? image)["company/".Length..].Split(':')[0])));

    private Task<string[]> ReasonsAsync(bool changedOnly = true, params string[] os) =>
        ReasonsAsync(Dockerfiles.Plan("os"), changedOnly, os);

    private Task<string[]> ReasonsAsync(RetagPlan plan, bool changedOnly = true, params string[] os) =>
        ReasonsAsync([plan, Dockerfiles.Plan("service")], changedOnly, os);

    private async Task<string[]> ReasonsAsync(RetagPlan[] plans, bool changedOnly, params string[] os)
    {
        var declared = new DeclaredBase { Name = "company/os", Container = "os" };
        var graph = BuildGraph.Read(plans, new Dockerfiles(("/os", os), ("/service", ["company/os"])), _ => declared);
        var nodes = await Freshness.CheckAsync(graph.Nodes, graph.Names, _store, _inputs, changedOnly, TestContext.Current.CancellationToken);
        return [.. nodes.Select(node => $"{node.Plan.Status} {node.Plan.Reason}")];
    }

    /// <summary>What builds are made from, as the test says.</summary>
    private sealed class Inputs : IBuildInputs
    {
        private readonly Dictionary<string, Dictionary<string, string>> _parts = [];

        public string? ContextChange { get; set; }

        public bool IsKnown { get; set; } = true;

        public Dictionary<string, string> Of(string container) =>
            _parts.TryGetValue(container, out var parts) ? parts
            : _parts[container] = new() { ["Dockerfile"] = $"of {container}", ["context"] = $"of {container}" };

        public Task<InputReading?> ReadAsync(RetagPlan plan, BuildInputs? built, CancellationToken cancellation) =>
            Task.FromResult(IsKnown ? new InputReading(
                BuildInputs.Of(ImageName.Parse(plan.Target), Of(plan.Container)),
                plan.Container == "service" ? [ImageName.Parse("company/os")] : [],
                ContextChange) : null);
    }
}
