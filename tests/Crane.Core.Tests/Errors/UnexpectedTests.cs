using Crane.Building;
using Crane.Core.Tests.Building;
using Crane.Core.Tests.Execution;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Errors;

/// <summary>What nobody foresaw fails the one thing that it happens to: it is an error about that, and the others go on.</summary>
public sealed class UnexpectedTests
{
    private static readonly RunOptions Options = new(8, Force: false, StopOnError: false);

    public static TheoryData<Exception> Exceptions =>
    [
        new UriFormatException("Invalid URI: the hostname could not be parsed."),
        new InvalidCastException("Unable to cast object of type A to type B."),
        new OverflowException("Arithmetic operation resulted in an overflow."),
        new InsufficientMemoryException("Array dimensions exceeded supported range."),
        new TaskCanceledException("The operation was canceled by nobody who may."),
        new AggregateException(new FormatException("The header is not valid.")),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task A_move_that_meets_it_fails_alone(Exception exception)
    {
        var store = new MemoryStore();
        store.AddRemote("r.co/a", 'a');
        store.AddRemote("r.co/c", 'c');
        store.OnTransfer = (name, _, _) => name.Repository == "b" ? throw exception : Task.CompletedTask;
        AssertFailsAlone(exception, 1, await new Runs(store).AllAsync(
            Runs.Pull("r.co/a", "a", "a"), Runs.Pull("r.co/b", "b", "b"), Runs.Pull("r.co/c", "c", "c")));
    }

    [Fact]
    public async Task A_push_whose_layers_are_unknown_fails_alone()
    {
        var exception = new ArgumentNullException("RepoDigests");
        var store = new MemoryStore();
        store.AddLocal("a", 'a');
        store.AddLocal("b", 'b');
        store.OnFind = name => _ = name.Repository.EndsWith('b') ? throw exception : 0;
        AssertFailsAlone(exception, 1, await new Runs(store).AllAsync(Runs.Push("a", "r.co/a", "a"), Runs.Push("b", "r.co/b", "b")));
    }

    [Theory]
    [MemberData(nameof(Exceptions), DisableDiscoveryEnumeration = true)]
    public async Task A_build_that_meets_it_fails_alone(Exception exception)
    {
        var nodes = Graph("a", "b", "c");
        var builder = new Builder(name => name == "company/b" ? throw exception : name);
        AssertFailsAlone(exception, 1, await AllAsync(
            new BuildRunner(builder, NoBases, builder, new Runs(new MemoryStore()), Options, new BuildOptions()).RunAsync(nodes, Cancellation)));
    }

    [Fact]
    public async Task A_name_that_meets_it_fails_alone_where_all_are_built_at_once()
    {
        var exception = new InvalidOperationException("The node is no object.");
        var builder = new Builder(name => name == "company/b" ? throw exception : name);
        AssertFailsAlone(exception, 1, await AllAsync(
            new GraphBuildRunner(builder, NoBases, builder, new Runs(new MemoryStore()), Options, new BuildOptions()).RunAsync(Graph("a", "b", "c"), Cancellation)));
    }

    [Fact]
    public async Task A_hook_that_meets_it_fails_its_build_alone()
    {
        var exception = new InvalidOperationException("No process is associated with this object.");
        var builder = new Builder(name => name == "hook b" ? throw exception : name);
        var runs = new Runs(new MemoryStore());
        AssertFailsAlone(exception, 1, await AllAsync(new BuildRunner(builder, NoBases, builder, runs, Options, new BuildOptions()).RunAsync(Graph("a", "b"), Cancellation)));
        AssertFailsAlone(exception, 1, await AllAsync(new GraphBuildRunner(builder, NoBases, builder, runs, Options, new BuildOptions()).RunAsync(Graph("a", "b"), Cancellation)));
    }

    [Fact]
    public async Task A_builder_that_meets_it_is_one_error_and_every_build_has_failed()
    {
        var exception = new KeyNotFoundException("containerimage.digest");
        var builder = new Builder(name => name == "all" ? throw exception : name);
        var outcomes = await AllAsync(
            new GraphBuildRunner(builder, NoBases, builder, new Runs(new MemoryStore()), Options, new BuildOptions()).RunAsync(Graph("a", "b"), Cancellation));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Failed, outcome.Result.Status));
        AssertUnexpected(exception, Assert.Single(outcomes, outcome => outcome.Error is not null).Error!);
    }

    [Fact]
    public async Task A_Dockerfile_that_meets_it_fails_its_build_alone()
    {
        var exception = new ArgumentException("Index was outside the bounds of the array.");
        var graph = BuildGraph.Read([Dockerfiles.Plan("a"), Dockerfiles.Plan("b")], new FailingDockerfiles("/b", exception));
        var builder = new Builder(name => name);
        AssertFailsAlone(exception, 1, await AllAsync(
            new BuildRunner(builder, NoBases, builder, new Runs(new MemoryStore()), Options, new BuildOptions()).RunAsync(graph.Nodes, Cancellation)));
    }

    [Fact]
    public void A_container_that_meets_it_has_no_plan_and_the_others_have_theirs()
    {
        var exception = new ArgumentException("Null character in path.");
        var containers = new[] { "a", "b", "c" }.Select(name => new CraneContainer { Name = name, Image = name }).ToList();
        var planned = Planner.Plan(containers, container => container.Name == "b" ? throw exception : [new RetagPlan { Container = container.Name }]);
        Assert.Equal(["a", "c"], planned.Plans.Select(plan => plan.Container));
        var error = Assert.Single(planned.Errors);
        AssertUnexpected(exception, error);
        Assert.Same(containers[1], error.Subject);
    }

    [Fact]
    public async Task A_store_that_meets_it_when_it_is_opened_is_one_error_and_every_plan_has_failed()
    {
        var exception = new NotSupportedException("The scheme is not supported.");
        var outcomes = await AllAsync(StoreRun.RunAsync<MemoryStore>(_ => throw exception, _ => throw exception, Plans("a", "b"), Cancellation));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Failed, outcome.Result.Status));
        AssertUnexpected(exception, Assert.Single(outcomes, outcome => outcome.Error is not null).Error!);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_run_that_breaks_off_keeps_the_outcomes_that_it_had_and_the_others_have_failed(int ended)
    {
        var exception = new InvalidOperationException("Sequence contains no elements.");
        var plans = Plans("a", "b", "c");
        var outcomes = await AllAsync(StoreRun.RunAsync(_ => Task.FromResult(new MemoryStore()), _ => BreakOff(plans, ended, exception), plans, Cancellation));
        Assert.Equal(
            [.. Enumerable.Repeat(RetagStatus.Succeeded, ended), .. Enumerable.Repeat(RetagStatus.Failed, 3 - ended)],
            outcomes.Select(outcome => outcome.Result.Status));
        var error = Assert.Single(outcomes, outcome => outcome.Error is not null).Error!;
        AssertUnexpected(exception, error);
        Assert.Same(plans[ended], error.Subject);
    }

    [Fact]
    public async Task A_run_that_breaks_off_after_its_last_outcome_is_an_error_after_all_of_them()
    {
        var exception = new InvalidOperationException("Sequence contains no elements.");
        var plans = Plans("a", "b");
        List<RunOutcome> outcomes = [];
        var error = await Assert.ThrowsAsync<CraneException>(async () =>
        {
            await foreach (var outcome in StoreRun.RunAsync(_ => Task.FromResult(new MemoryStore()), _ => BreakOff(plans, 2, exception), plans, Cancellation))
                outcomes.Add(outcome);
        });
        AssertUnexpected(exception, error);
        Assert.Equal([RetagStatus.Succeeded, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
    }

    [Fact]
    public async Task What_was_stopped_is_canceled_and_no_error()
    {
        using var stop = new CancellationTokenSource();
        var store = new MemoryStore { OnTransfer = async (_, _, token) => { await stop.CancelAsync(); await Task.Delay(Timeout.Infinite, token); } };
        store.AddRemote("r.co/a", 'a');
        await foreach (var outcome in new Runs(store).StreamAsync([Runs.Pull("r.co/a", "a"), Runs.Pull("r.co/a", "b")], stop.Token))
            Assert.Equal((RetagStatus.Canceled, null), (outcome.Result.Status, outcome.Error));
    }

    [Fact]
    public void An_error_of_ours_stays_what_it_is()
    {
        var error = new CraneException(CraneErrorId.PullFailed, "no");
        Assert.Same(error, CraneException.From(error));
        Assert.Same(error, CraneException.From(new AggregateException(error)));
    }

    private static void AssertFailsAlone(Exception exception, int index, IReadOnlyList<RunOutcome> outcomes)
    {
        Assert.All(
            outcomes.Where((_, position) => position != index),
            outcome => Assert.Equal((RetagStatus.Succeeded, null), (outcome.Result.Status, outcome.Error)));
        Assert.Equal(RetagStatus.Failed, outcomes[index].Result.Status);
        AssertUnexpected(exception, outcomes[index].Error!);
        Assert.Equal(outcomes[index].Error!.Message, outcomes[index].Result.Error);
        Assert.Equal("b", Assert.IsType<RetagPlan>(outcomes[index].Error!.Subject).Container);
    }

    private static void AssertUnexpected(Exception exception, CraneException error)
    {
        var cause = exception is AggregateException { InnerException: { } only } ? only : exception;
        Assert.Equal((CraneErrorId.Unexpected, $"Unexpected {cause.GetType().FullName}: {cause.Message}"), (error.Id, error.Message));
        Assert.Same(cause, error.InnerException);
        Assert.Contains("report", error.RecommendedAction, StringComparison.Ordinal);
    }

    private static BaseSupply NoBases
    {
        get
        {
            var (store, runs) = (new MemoryStore(), new Runs(new MemoryStore()));
            return new BaseSupply(store, new BaseNames([]), new FailingDockerfiles("", new InvalidOperationException()), runs, runs, pullsAlways: false);
        }
    }

    private static List<RetagPlan> Plans(params string[] names) =>
        names.Select(name => new RetagPlan { Container = name, Operation = RetagOperation.Pull, Source = $"r.co/{name}", Target = name }).ToList();

    private static List<BuildNode> Graph(params string[] names) => names.Select(name => new BuildNode(
        Dockerfiles.Plan(name) with { Hook = new ContainerHook { PreBuild = "true" }, Path = "/crane.yaml" }, null, [], null)).ToList();

    private static async IAsyncEnumerable<RunOutcome> BreakOff(IReadOnlyList<RetagPlan> plans, int ended, Exception exception)
    {
        await Task.Yield();
        foreach (var plan in plans.Take(ended))
            yield return new RunOutcome(new RetagResult(plan) { Status = RetagStatus.Succeeded }, null);
        throw exception;
    }

    private static async Task<IReadOnlyList<RunOutcome>> AllAsync(IAsyncEnumerable<RunOutcome> running)
    {
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in running)
            outcomes.Add(outcome);
        return outcomes;
    }

    // Builds, names and hooks as a test says: given what is to be done it gives an id, or throws.
    private sealed class Builder(Func<string, string> work) : IImageBuilder, IGraphBuilder, IHookRunner
    {
        public string Name => "memory";

        public Task<string?> BuildAsync(BuildRequest request, Action<BuildLine> output, CancellationToken cancellation) =>
            Task.FromResult<string?>(work(request.Target.WithoutTag().ToString()));

        public Task<IReadOnlyList<GraphBuildEnd>> BuildAsync(
            IReadOnlyList<GraphBuild> builds, BuildOptions options, bool stopOnError, Action<int, BuildLine> output, CancellationToken cancellation)
        {
            work("all");
            return Task.FromResult<IReadOnlyList<GraphBuildEnd>>(builds.Select(build => new GraphBuildEnd(build.Plan.Target, null)).ToList());
        }

        public Task<BuilderReach> ReachAsync(CancellationToken cancellation) => Task.FromResult(BuilderReach.EngineAndRegistries);

        public Task NameAsync(string id, ImageName target, CancellationToken cancellation) => Task.FromResult(work(id));

        public Task RunAsync(HookCommand command, Action<string> output, CancellationToken cancellation) =>
            Task.FromResult(work($"hook {command.Container}"));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class FailingDockerfiles(string context, Exception exception) : IDockerfiles
    {
        public DockerfileImages Read(ContainerBuild build) => build.Context == context ? throw exception : DockerfileImages.Unknown;
    }
}
