using System.Collections.Concurrent;
using Crane.Building;
using Crane.Core.Tests.Execution;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Building;

public sealed class BuildRunnerTests
{
    private readonly ConcurrentQueue<string> _built = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly MemoryStore _store = new();
    private string? _failing;
    private string? _gated;

    [Fact]
    public async Task A_build_waits_for_its_base_and_others_do_not()
    {
        _gated = "os";
        var running = RunAsync([Dockerfiles.Plan("os"), Dockerfiles.Plan("service"), Dockerfiles.Plan("alone")], ("/os", []), ("/service", ["company/os"]), ("/alone", []));
        while (!_built.Contains("alone"))
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("service", _built);
        _gate.SetResult();
        Assert.All(await running, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Contains("service", _built);
    }

    [Fact]
    public async Task A_build_waits_for_the_image_of_a_stage_that_its_target_does_not_need()
    {
        _gated = "tools";
        var running = RunAsync([Dockerfiles.Plan("service"), Dockerfiles.Plan("tools"), Dockerfiles.Plan("alone")], ("/service", ["-company/tools"]), ("/tools", []), ("/alone", []));
        while (!_built.Contains("alone"))
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("service", _built);
        _gate.SetResult();
        await running;
        Assert.Equal(["alone", "tools", "service"], _built);
    }

    [Fact]
    public async Task What_is_built_on_a_failed_base_has_failed_without_an_error_of_its_own_and_the_rest_is_built()
    {
        _failing = "os";
        var outcomes = await RunAsync(
            [Dockerfiles.Plan("os"), Dockerfiles.Plan("service"), Dockerfiles.Plan("edge"), Dockerfiles.Plan("alone")],
            ("/os", []),
            ("/service", ["company/os"]),
            ("/edge", ["company/service"]),
            ("/alone", []));
        Assert.Equal(
            [RetagStatus.Failed, RetagStatus.Failed, RetagStatus.Failed, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal("os", Assert.IsType<RetagPlan>(Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Subject).Container);
        Assert.Contains("company/service", outcomes[2].Result.Error, StringComparison.Ordinal);
        Assert.Equal(["alone"], _built);
    }

    [Fact]
    public async Task A_Dockerfile_that_cannot_be_read_fails_its_build_before_it_begins()
    {
        var outcomes = await RunAsync([Dockerfiles.Plan("os")], ("/os", ["!"]));
        Assert.Equal(CraneErrorId.BuildFailed, Assert.Single(outcomes).Error!.Id);
        Assert.Empty(_built);
    }

    [Fact]
    public async Task The_same_build_of_several_containers_is_run_once_and_reported_for_each()
    {
        var outcomes = await RunAsync([Dockerfiles.Plan("portal"), Dockerfiles.Plan("portal") with { Container = "test" }], ("/portal", []));
        Assert.Equal(["portal", "test"], outcomes.Select(outcome => outcome.Result.Container));
        Assert.Equal(["portal"], _built);
    }

    [Fact]
    public async Task Hooks_run_before_and_after_their_build()
    {
        await RunAsync([Hooked("os", "before", "after"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal(["os: before", "os", "os: after", "service"], _built);
    }

    [Fact]
    public async Task Where_a_hook_fails_before_the_build_nothing_is_built_that_needs_it()
    {
        _failing = "before";
        var outcomes = await RunAsync([Hooked("os", "before", "after"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal(CraneErrorId.HookFailed, outcomes[0].Error!.Id);
        Assert.Null(outcomes[1].Error);
        Assert.Empty(_built);
    }

    [Fact]
    public async Task Where_a_hook_fails_after_the_build_that_has_failed_though_the_image_is_there()
    {
        _failing = "after";
        var outcomes = await RunAsync([Hooked("os", "before", "after"), Dockerfiles.Plan("service")], ("/os", []), ("/service", ["company/os"]));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal(["os: before", "os"], _built);
    }

    [Fact]
    public async Task A_Dockerfile_that_is_missing_may_be_made_by_the_hook()
    {
        var outcomes = await RunAsync([Hooked("os", "before", null)], ("/os", ["!"]));
        Assert.Equal(RetagStatus.Succeeded, Assert.Single(outcomes).Result.Status);
    }

    private static RetagPlan Hooked(string name, string? before, string? after) => Dockerfiles.Plan(name) with
    {
        Hook = new ContainerHook { PreBuild = before, PostBuild = after },
        Path = Path.GetFullPath("/stack/crane.yaml"),
    };

    private async Task<IReadOnlyList<RunOutcome>> RunAsync(RetagPlan[] plans, params (string Context, string[] Images)[] contexts)
    {
        var dockerfiles = new Dockerfiles(contexts);
        var graph = BuildGraph.Read(plans, dockerfiles);
        List<RunOutcome> outcomes = [];
        var observer = new Runs(_store);
        var supply = new BaseSupply(_store, graph.Names, dockerfiles, observer, observer, pullsAlways: false);
        var runner = new BuildRunner(new Builder(this), supply, new HookRunner(this, dockerfiles), observer, new RunOptions(8, false, StopOnError: false), new BuildOptions());
        await foreach (var outcome in runner.RunAsync(graph.Nodes, TestContext.Current.CancellationToken))
            outcomes.Add(outcome);
        return outcomes;
    }

    private sealed class Builder(BuildRunnerTests test) : IImageBuilder
    {
        public string Name => "memory";

        public async Task<string?> BuildAsync(BuildRequest request, Action<BuildLine> output, CancellationToken cancellation)
        {
            var name = request.Build.Context[1..];
            if (name == test._gated)
                await test._gate.Task;
            if (name == test._failing)
                throw new CraneException(CraneErrorId.BuildFailed, "no");
            test._built.Enqueue(name);
            test._store.AddLocal(request.Target.ToString(), 'a');
            return $"id-{name}";
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class HookRunner(BuildRunnerTests test, Dockerfiles dockerfiles) : IHookRunner
    {
        public Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation)
        {
            if (command.Program == test._failing)
                throw new CraneException(CraneErrorId.HookFailed, "no");
            test._built.Enqueue($"{command.Container}: {command.Program}");
            dockerfiles.AreMade = true;
            return Task.CompletedTask;
        }
    }
}
