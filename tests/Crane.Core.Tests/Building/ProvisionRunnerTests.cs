using Crane.Building;
using Crane.Core.Tests.Execution;
using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Building;

/// <summary>Pulls and builds are scripted here: each fails where the test says so, and its order is written down.</summary>
public sealed class ProvisionRunnerTests
{
    private readonly List<string> _done = [];
    private readonly HashSet<string> _failing = [];
    private CraneErrorId _pullError = CraneErrorId.PullFailed;

    [Fact]
    public async Task Pulls_come_before_the_builds_that_need_them()
    {
        var outcomes = await RunAsync([Built("service", "base"), Pulled("base")]);
        Assert.Equal(["base Pull Succeeded", "service Build Succeeded"], outcomes.Select(Shown));
        Assert.Equal(["pull base", "build service"], _done);
    }

    [Fact]
    public async Task A_build_on_a_base_that_was_not_pulled_is_not_begun_and_the_rest_is()
    {
        _failing.Add("pull base");
        var outcomes = await RunAsync([Pulled("base"), Built("service", "base"), Built("alone")]);
        Assert.Equal(["base Pull Failed", "service Build Failed", "alone Build Succeeded"], outcomes.Select(Shown));
        Assert.Equal("Not built, since company/base has failed.", outcomes[1].Result.Error);
        Assert.Equal(["base"], outcomes.Where(outcome => outcome.Error is not null).Select(outcome => outcome.Result.Container));
        Assert.Equal(["build alone"], _done);
    }

    [Fact]
    public async Task A_pull_that_is_preferred_saves_the_build()
    {
        var outcomes = await RunAsync([Preferred("os"), Built("service", "os")]);
        Assert.Equal(["os Pull Succeeded", "service Build Succeeded"], outcomes.Select(Shown));
        Assert.Equal(["pull os", "build service"], _done);
    }

    [Fact]
    public async Task Where_there_is_no_such_image_it_is_built_and_the_reason_says_so()
    {
        _failing.Add("pull os");
        _pullError = CraneErrorId.ImageNotFound;
        var outcomes = await RunAsync([Preferred("os"), Built("service", "os")], stopOnError: true);
        Assert.Equal(["os Build Succeeded", "service Build Succeeded"], outcomes.Select(Shown));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        Assert.Equal("r.co/company/os was not pulled: no pull os", outcomes[0].Result.Reason);
        Assert.Equal(["build os", "build service"], _done);
    }

    [Fact]
    public async Task Where_both_fail_the_error_is_that_of_the_build()
    {
        _pullError = CraneErrorId.ImageNotFound;
        _failing.UnionWith(["pull os", "build os"]);
        var outcome = Assert.Single(await RunAsync([Preferred("os")]));
        Assert.Equal("os Build Failed", Shown(outcome));
        Assert.Equal(CraneErrorId.BuildFailed, outcome.Error!.Id);
        Assert.StartsWith("r.co/company/os was not pulled", outcome.Result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CraneErrorId.RegistryUnauthorized)]
    [InlineData(CraneErrorId.RegistryUnreachable)]
    [InlineData(CraneErrorId.DigestMismatch)]
    [InlineData(CraneErrorId.PullFailed)]
    public async Task Where_it_fails_in_another_way_nothing_is_built_instead(CraneErrorId error)
    {
        _failing.Add("pull os");
        _pullError = error;
        var outcomes = await RunAsync([Preferred("os"), Built("service", "os"), Built("alone")]);
        Assert.Equal(["os Pull Failed", "service Build Failed", "alone Build Succeeded"], outcomes.Select(Shown));
        Assert.Equal(error, Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Id);

        outcomes = await RunAsync([Preferred("os"), Built("alone")], stopOnError: true);
        Assert.Equal(["os Pull Failed", "alone Build Canceled"], outcomes.Select(Shown));
    }

    [Fact]
    public async Task Where_errors_stop_the_run_nothing_is_built_after_a_failed_pull()
    {
        _failing.Add("pull base");
        var outcomes = await RunAsync([Built("alone"), Pulled("base")], stopOnError: true);
        Assert.Equal(["alone Build Canceled", "base Pull Failed"], outcomes.Select(Shown));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task What_comes_first_is_given_before_the_builds_begin()
    {
        await foreach (var outcome in StreamAsync([Pulled("base"), Built("service", "base")], stopOnError: false))
        {
            Assert.Equal("base Pull Succeeded", Shown(outcome));
            Assert.Equal(["pull base"], _done);
            break;
        }
    }

    private static string Shown(RunOutcome outcome) => $"{outcome.Result.Container} {outcome.Result.Operation} {outcome.Result.Status}";

    private static (RetagPlan Plan, string[] Images) Built(string name, params string[] bases) =>
        (Dockerfiles.Plan(name), [.. bases.Select(image => $"company/{image}")]);

    private static (RetagPlan Plan, string[] Images) Pulled(string name) => (Pull(name), []);

    private static (RetagPlan Plan, string[] Images) Preferred(string name) => (Dockerfiles.Plan(name) with { PullReference = Pull(name).Source }, []);

    private static RetagPlan Pull(string name) => new()
    {
        Container = name,
        Operation = RetagOperation.Pull,
        Source = $"r.co/company/{name}",
        Target = $"company/{name}",
    };

    private async Task<IReadOnlyList<RunOutcome>> RunAsync((RetagPlan Plan, string[] Images)[] plans, bool stopOnError = false)
    {
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in StreamAsync(plans, stopOnError))
            outcomes.Add(outcome);
        return outcomes;
    }

    private IAsyncEnumerable<RunOutcome> StreamAsync((RetagPlan Plan, string[] Images)[] plans, bool stopOnError)
    {
        var contexts = plans.Select(entry => ($"/{entry.Plan.Container}", entry.Images)).ToArray();
        var graph = BuildGraph.Read(plans.Select(entry => entry.Plan).ToList(), new Dockerfiles(contexts));
        var steps = graph.Nodes.Select(node => new ProvisionStep(
            node, ProvisionPlan.PullOf(node.Plan) is { } pull ? CheckedMove.Check(pull) : null));
        var (store, cancellation) = (new MemoryStore(), TestContext.Current.CancellationToken);
        var (observer, options) = (new Runs(store), new RunOptions(1, false, stopOnError));
        var supply = new BaseSupply(store, graph.Names, new Dockerfiles(contexts), observer, observer, pullsAlways: false);
        store.OnTransfer = (image, _, _) => Do($"pull {image.Repository.Split('/')[1]}", _pullError);
        foreach (var (plan, _) in plans)
            store.AddRemote($"r.co/{plan.Target}", 'a');
        return new ProvisionRunner(
            moves => new PlanRunner(new EngineMover(store), observer, observer, options).RunAsync(moves, cancellation),
            nodes => new BuildRunner(new Builder(this, store), supply, new NoHooks(), observer, options, new BuildOptions()).RunAsync(nodes, cancellation),
            observer,
            stopOnError).RunAsync(steps.ToList(), cancellation);
    }

    private Task Do(string what, CraneErrorId failure)
    {
        if (_failing.Contains(what))
            throw new CraneException(failure, $"no {what}");
        _done.Add(what);
        return Task.CompletedTask;
    }

    private sealed class Builder(ProvisionRunnerTests test, MemoryStore store) : IImageBuilder
    {
        public string Name => "memory";

        public async Task<string?> BuildAsync(BuildRequest request, Action<BuildLine> output, CancellationToken cancellation)
        {
            await test.Do($"build {request.Build.Context[1..]}", CraneErrorId.BuildFailed);
            store.AddLocal(request.Target.ToString(), 'a');
            return "id";
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoHooks : IHookRunner
    {
        public Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
