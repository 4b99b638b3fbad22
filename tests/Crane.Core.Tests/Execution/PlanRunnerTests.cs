using Crane.Moving.Engine;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Execution;

public sealed class PlanRunnerTests
{
    private readonly MemoryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outcomes_come_in_plan_order_each_as_soon_as_those_before_it_are_done()
    {
        var slow = new TaskCompletionSource();
        _store.AddRemote("a", 'a');
        _store.AddRemote("b", 'b');
        _store.AddRemote("c", 'c');
        _store.OnTransfer = (name, _, _) => name == ImageName.Parse("b") ? slow.Task : Task.CompletedTask;
        await using var outcomes = new Runs(_store).StreamAsync([Runs.Pull("a", "x/a"), Runs.Pull("b", "x/b"), Runs.Pull("c", "x/c")], Cancellation)
            .GetAsyncEnumerator(Cancellation);

        Assert.True(await outcomes.MoveNextAsync());
        Assert.Equal("x/a", outcomes.Current.Result.Target);
        var second = outcomes.MoveNextAsync();
        Assert.False(second.IsCompleted);
        slow.SetResult();
        Assert.True(await second);
        Assert.Equal("x/b", outcomes.Current.Result.Target);
    }

    [Fact]
    public async Task No_more_images_move_at_a_time_than_the_throttle_allows()
    {
        var (now, most) = (0, 0);
        _store.OnTransfer = async (_, _, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(5, token);
            Interlocked.Decrement(ref now);
        };
        var moves = Enumerable.Range(0, 12).Select(i => Pullable($"image{i}", 'a')).ToArray();
        await new Runs(_store) { ThrottleLimit = 3 }.AllAsync(moves);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task One_at_a_time_is_in_plan_order()
    {
        var moves = new[] { Pullable("c", 'c'), Pullable("a", 'a'), Pullable("b", 'b') };
        await new Runs(_store) { ThrottleLimit = 1 }.AllAsync(moves);
        Assert.Equal(["pull c", "pull a", "pull b"], _store.Calls.Where(call => call.StartsWith("pull", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_move_for_several_containers_is_run_once_and_reported_for_each()
    {
        _store.AddRemote("r.co/portal", 'a');
        var outcomes = await new Runs(_store).AllAsync(
            Runs.Pull("r.co/portal", "portal", "server"), Runs.Pull("r.co/portal:latest", "portal:latest", "test"));
        Assert.Equal(["server", "test"], outcomes.Select(outcome => outcome.Result.Container));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Single(_store.Calls, "pull r.co/portal");
    }

    [Fact]
    public async Task A_failure_stops_no_other_and_carries_its_own_plan()
    {
        _store.AddRemote("b", 'b');
        var outcomes = await new Runs(_store).AllAsync(Runs.Pull("absent", "x/a", "first"), Runs.Pull("b", "x/b", "second"));
        Assert.Equal([RetagStatus.Failed, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal(outcomes[0].Error!.Message, outcomes[0].Result.Error);
        Assert.Equal("first", Assert.IsType<RetagPlan>(outcomes[0].Error!.Subject).Container);
    }

    [Fact]
    public async Task A_transient_error_is_retried_and_reported()
    {
        var tries = 0;
        _store.AddRemote("a", 'a');
        _store.OnTransfer = (_, _, _) => ++tries == 1
            ? throw new CraneException(CraneErrorId.RegistryUnreachable, "reset") { IsTransient = true }
            : Task.CompletedTask;
        var runs = new Runs(_store);
        var outcome = await runs.OneAsync(Runs.Pull("a", "x/a"));
        Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status);
        Assert.Contains(runs.Steps, step => step.Contains("reset", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Canceled_moves_say_so_and_nothing_new_starts()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _store.OnTransfer = async (_, _, token) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        };
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in new Runs(_store) { ThrottleLimit = 1 }.StreamAsync([Pullable("a", 'a'), Pullable("b", 'b')], stop.Token))
            outcomes.Add(outcome);
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Canceled, outcome.Result.Status));
        Assert.Equal(["pull a"], _store.Calls);
    }

    [Fact]
    public async Task Where_errors_stop_the_first_one_ends_what_is_under_way_and_keeps_the_rest_from_beginning()
    {
        _store.OnTransfer = async (name, _, token) =>
        {
            if (name.Repository == "slow/slow")
                await Task.Delay(Timeout.Infinite, token);
        };
        _store.AddRemote("slow/slow", 'a');
        var outcomes = await new Runs(_store) { ThrottleLimit = 2, StopOnError = true }.AllAsync(
            Runs.Pull("slow/slow", "x/slow"), Runs.Pull("x/absent", "x/y"), Pullable("c", 'c'));
        Assert.Equal([RetagStatus.Canceled, RetagStatus.Failed, RetagStatus.Canceled], outcomes.Select(outcome => outcome.Result.Status));
        Assert.DoesNotContain("pull c", _store.Calls);
    }

    [Fact]
    public async Task Of_pushes_with_a_layer_in_common_the_first_one_goes_ahead()
    {
        var first = new TaskCompletionSource();
        _store.AddLocal("os", 'a', "base");
        _store.AddLocal("one", 'b', "base", "one");
        _store.AddLocal("two", 'c', "base", "two");
        _store.AddLocal("alone", 'd', "other");
        _store.OnTransfer = (name, _, _) => name.Repository == "os" ? first.Task : Task.CompletedTask;
        var running = new Runs(_store).AllAsync(
            Runs.Push("os", "r.co/os"), Runs.Push("one", "r.co/one"), Runs.Push("two", "r.co/two"), Runs.Push("alone", "r.co/alone"));

        await WaitForAsync(() => _store.Calls.Contains("push r.co/alone"));
        Assert.DoesNotContain("push r.co/one", _store.Calls);
        first.SetResult();
        Assert.All(await running, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
    }

    [Fact]
    public async Task Pushes_to_different_registries_do_not_wait_for_each_other()
    {
        var first = new TaskCompletionSource();
        _store.AddLocal("os", 'a', "base");
        _store.OnTransfer = (name, _, _) => name.Registry == "r.co" ? first.Task : Task.CompletedTask;
        var running = new Runs(_store).AllAsync(Runs.Push("os", "r.co/os"), Runs.Push("os", "q.co/os"));
        await WaitForAsync(() => _store.Calls.Contains("push q.co/os"));
        first.SetResult();
        await running;
    }

    [Fact]
    public async Task Size_is_what_the_layers_moved_even_where_one_was_retried()
    {
        _store.AddRemote("a", 'a');
        _store.OnTransfer = (_, progress, _) =>
        {
            progress.Report(new TransferProgress("l1", "Downloading", true, 70, 100));
            progress.Report(new TransferProgress("l1", "Downloading", true, 10, 100));
            progress.Report(new TransferProgress("l1", "Downloading", true, 100, 100));
            progress.Report(new TransferProgress("l1", "Extracting", false, 500, 500));
            progress.Report(new TransferProgress("l2", "Downloading", true, 5, 5));
            return Task.CompletedTask;
        };
        Assert.Equal(105, (await new Runs(_store).OneAsync(Runs.Pull("a", "x/a"))).Result.SizeBytes);
    }

    [Fact]
    public async Task A_layer_that_several_pulls_share_counts_once()
    {
        _store.OnTransfer = (_, progress, _) =>
        {
            progress.Report(new TransferProgress("base", "Downloading", true, 100, 100));
            return Task.CompletedTask;
        };
        var outcomes = await new Runs(_store).AllAsync(Pullable("a", 'a'), Pullable("b", 'b'), Pullable("c", 'c'));
        Assert.Equal(100, outcomes.Sum(outcome => outcome.Result.SizeBytes));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_is_one_error_and_fails_every_move()
    {
        var unreachable = new CraneException(CraneErrorId.EngineUnreachable, "no engine");
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in StoreRun.RunAsync(
            _ => Task.FromException<IImageStore>(unreachable),
            _ => throw new InvalidOperationException(),
            [Pullable("a", 'a').Plan, Pullable("b", 'b').Plan],
            Cancellation))
            outcomes.Add(outcome);
        Assert.All(outcomes, outcome => Assert.Equal((RetagStatus.Failed, "no engine"), (outcome.Result.Status, outcome.Result.Error)));
        var error = Assert.Single(outcomes, outcome => outcome.Error is not null).Error!;
        Assert.Equal((unreachable.Id, unreachable.Message), (error.Id, error.Message));
    }

    private CheckedMove Pullable(string name, char fill)
    {
        _store.AddRemote(name, fill);
        return Runs.Pull(name, $"x/{name}");
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(1, Cancellation);
    }
}
