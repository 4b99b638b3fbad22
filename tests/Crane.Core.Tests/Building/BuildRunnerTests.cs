using System.Collections.Concurrent;
using Crane.Building;
using Crane.Core.Tests.Execution;
using Crane.Execution;

namespace Crane.Core.Tests.Building;

public sealed class BuildRunnerTests
{
    private readonly ConcurrentQueue<string> _built = new();
    private readonly TaskCompletionSource _gate = new();
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
        Assert.Equal("os", Assert.IsType<RetagPlan>(Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Target).Container);
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

    private async Task<IReadOnlyList<RunOutcome>> RunAsync(RetagPlan[] plans, params (string Context, string[] Images)[] contexts)
    {
        var graph = BuildGraph.Of(plans, new Dockerfiles(contexts));
        List<RunOutcome> outcomes = [];
        var runner = new BuildRunner(new Builder(this), new Runs(new MemoryStore()), new RunOptions(8, false, StopOnError: false), new BuildOptions());
        await foreach (var outcome in runner.RunAsync(graph.Nodes, TestContext.Current.CancellationToken))
            outcomes.Add(outcome);
        return outcomes;
    }

    private sealed class Builder(BuildRunnerTests test) : IImageBuilder
    {
        public string Name => "memory";

        public async Task<string?> BuildAsync(BuildRequest request, Action<string> step, CancellationToken cancellation)
        {
            var name = request.Build.Context[1..];
            if (name == test._gated)
                await test._gate.Task;
            if (name == test._failing)
                throw new CraneException(CraneErrorId.BuildFailed, "no");
            test._built.Enqueue(name);
            return $"id-{name}";
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
