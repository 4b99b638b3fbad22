using Crane.Building;
using Crane.Core.Tests.Execution;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Building;

/// <summary>Builds on a builder that takes all of them at once end as they do one by one.</summary>
public sealed class GraphBuildRunnerTests
{
    private readonly MemoryStore _store = new();
    private readonly List<string> _done = [];
    private readonly HashSet<string> _failing = [];
    private readonly CancellationTokenSource _stop = new();
    private CraneException? _unusable;
    private string? _stoppedBy;

    [Fact]
    public async Task All_builds_are_one_and_names_are_given_afterwards()
    {
        var outcomes = await RunAsync([Dockerfiles.Plan("service"), Dockerfiles.Plan("os")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal(["os", "service"], outcomes.Select(outcome => outcome.Result.Container));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Equal(["id-os", "id-service"], outcomes.Select(outcome => outcome.Result.Digest));
        Assert.Equal(["bake os service(os)", "name company/os", "name company/service"], _done);
    }

    [Fact]
    public async Task Hooks_come_before_all_builds_and_after_each()
    {
        await RunAsync([Hooked("os"), Hooked("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal(
            ["os: before", "service: before", "bake os service(os)", "name company/os", "os: after", "name company/service", "service: after"],
            _done);
    }

    [Fact]
    public async Task An_image_whose_hook_failed_is_left_out_with_what_is_built_on_it()
    {
        _failing.Add("os: before");
        var outcomes = await RunAsync(
            [Hooked("os"), Hooked("service"), Dockerfiles.Plan("alone")], ("/os", []), ("/service", ["company/os"]), ("/alone", []));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Failed, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal(CraneErrorId.HookFailed, Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Id);
        Assert.Equal(["bake alone", "name company/alone"], _done);
    }

    [Fact]
    public async Task What_is_built_on_a_build_whose_last_hook_failed_gets_no_name()
    {
        _failing.Add("os: after");
        var outcomes = await RunAsync([Hooked("os"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Contains("company/os has failed", outcomes[1].Result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("name company/service", _done);
    }

    [Fact]
    public async Task What_is_built_on_a_failed_build_fails_without_an_error_of_its_own_and_the_rest_is_built()
    {
        _failing.Add("os");
        var outcomes = await RunAsync(
            [Dockerfiles.Plan("os"), Dockerfiles.Plan("service"), Dockerfiles.Plan("alone")],
            ("/os", []), ("/service", ["company/os"]), ("/alone", []));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Failed, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Single(outcomes, outcome => outcome.Error is not null);
        Assert.Contains("company/os has failed", outcomes[1].Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_builder_that_cannot_build_at_all_is_one_error_and_every_build_has_failed()
    {
        _unusable = new CraneException(CraneErrorId.BuildFailed, "no");
        var outcomes = await RunAsync([Dockerfiles.Plan("os"), Dockerfiles.Plan("alone")], ("/os", []), ("/alone", []));
        Assert.All(outcomes, outcome => Assert.Equal((RetagStatus.Failed, "no"), (outcome.Result.Status, outcome.Result.Error)));
        Assert.Single(outcomes, outcome => outcome.Error is not null);
    }

    [Fact]
    public async Task After_a_first_failure_the_rest_is_canceled_where_nothing_shall_go_on()
    {
        _failing.Add("os");
        var outcomes = await RunAsync(stopOnError: true, [Dockerfiles.Plan("os"), Dockerfiles.Plan("alone")], ("/os", []), ("/alone", []));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Canceled], outcomes.Select(outcome => outcome.Result.Status));
        Assert.DoesNotContain("name company/alone", _done);
    }

    [Fact]
    public async Task A_run_that_is_stopped_names_nothing()
    {
        _stoppedBy = "os";
        var outcomes = await RunAsync([Dockerfiles.Plan("os"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal([RetagStatus.Canceled, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task The_same_build_of_several_containers_is_one_and_reported_for_each()
    {
        var plans = new[] { Dockerfiles.Plan("portal"), Dockerfiles.Plan("portal") with { Container = "test" }, Dockerfiles.Plan("edge", "test") };
        var outcomes = await RunAsync(plans, ("/portal", []), ("/edge", []));
        Assert.Equal(["portal", "test", "edge"], outcomes.Select(outcome => outcome.Result.Container));
        Assert.Equal("bake portal edge(portal)", _done[0]);
    }

    private static RetagPlan Hooked(string name) => Dockerfiles.Plan(name) with
    {
        Hook = new ContainerHook { PreBuild = "before", PostBuild = "after" },
        Path = Path.GetFullPath("/stack/crane.yaml"),
    };

    private Task<IReadOnlyList<RunOutcome>> RunAsync(RetagPlan[] plans, params (string Context, string[] Images)[] contexts) =>
        RunAsync(stopOnError: false, plans, contexts);

    private async Task<IReadOnlyList<RunOutcome>> RunAsync(
        bool stopOnError, RetagPlan[] plans, params (string Context, string[] Images)[] contexts)
    {
        var graph = BuildGraph.Read(plans, new Dockerfiles(contexts));
        var observer = new Runs(_store);
        var supply = new BaseSupply(_store, graph.Names, new Dockerfiles(contexts), observer, observer, pullsAlways: false);
        var runner = new GraphBuildRunner(
            new Builder(this), supply, new HookRunner(this), observer, new RunOptions(8, false, stopOnError), new BuildOptions());
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in runner.RunAsync(graph.Nodes, _stop.Token))
            outcomes.Add(outcome);
        return outcomes;
    }

    private sealed class Builder(GraphBuildRunnerTests test) : IGraphBuilder
    {
        public string Name => "memory";

        public async Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
            IReadOnlyList<GraphBuild> builds, BuildOptions options, bool stopOnError, Action<int, BuildLine> output, CancellationToken cancellation)
        {
            if (test._unusable is not null)
                throw test._unusable;
            if (builds.Any(build => build.Plan.Container == test._stoppedBy))
                await test._stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            test._done.Add($"bake {string.Join(' ', builds.Select(build => Words(build, builds)))}");
            return [.. builds.Select(build => End(build, builds))];
        }

        public Task<BuilderReach> ReachAsync(CancellationToken cancellation) => Task.FromResult(BuilderReach.EngineAndRegistries);

        public Task NameAsync(string id, ImageName target, CancellationToken cancellation)
        {
            test._done.Add($"name {target}");
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static string Words(GraphBuild build, IReadOnlyList<GraphBuild> builds) => build.After.Count == 0
            ? build.Plan.Container
            : $"{build.Plan.Container}({string.Join(' ', build.After.Select(index => builds[index].Plan.Container))})";

        private GraphBuildEnd End(GraphBuild build, IReadOnlyList<GraphBuild> builds) =>
            test._failing.Contains(build.Plan.Container) ? new GraphBuildEnd(null, new CraneException(CraneErrorId.BuildFailed, "no"))
            : build.After.Any(index => test._failing.Contains(builds[index].Plan.Container)) ? GraphBuildEnd.None
            : new GraphBuildEnd($"id-{build.Plan.Container}", null);
    }

    private sealed class HookRunner(GraphBuildRunnerTests test) : IHookRunner
    {
        public Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation)
        {
            var call = $"{command.Container}: {command.Program}";
            if (test._failing.Contains(call))
                throw new CraneException(CraneErrorId.HookFailed, "no");
            test._done.Add(call);
            return Task.CompletedTask;
        }
    }
}
