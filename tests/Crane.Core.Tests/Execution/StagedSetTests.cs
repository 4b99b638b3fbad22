using Crane.Core.Tests.Transfer;
using Crane.Moving.Content;
using Crane.Moving.Run;
using Crane.Planning;

namespace Crane.Core.Tests.Execution;

/// <summary>Images that get their names together, gates before that, and the journal of it.</summary>
public sealed class StagedSetTests
{
    private readonly MemoryStore _store = new();
    private readonly MemoryContent _content = new();
    private readonly MemoryJournal _journal = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_atomic_pull_names_nothing_when_one_image_is_missing()
    {
        _store.AddRemote("r.co/a", 'a');
        _store.AddLocal("a", '1');

        var outcomes = await PullAsync(Runs.Pull("r.co/a", "a", "a"), Runs.Pull("r.co/b", "b", "b"));

        Assert.Equal([RetagStatus.Canceled, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal("stack kept as it was: 'b' failed", outcomes[0].Result.Reason);
        Assert.Equal("id-1", _store.LocalId("a"));
        Assert.Null(_store.LocalId("r.co/a"));
        Assert.Single(outcomes, outcome => outcome.Error is not null);
    }

    [Fact]
    public async Task An_atomic_pull_names_all_when_all_have_arrived()
    {
        _store.AddRemote("r.co/a", 'a');
        _store.AddRemote("r.co/b", 'b');

        var outcomes = await PullAsync(Runs.Pull("r.co/a", "a"), Runs.Pull("r.co/b", "b"));

        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Succeeded, outcome.Result.Status));
        Assert.Equal(("id-a", "id-b"), (_store.LocalId("a"), _store.LocalId("b")));
        Assert.Equal(("id-a", "id-b"), (_store.LocalId("r.co/a"), _store.LocalId("r.co/b")));
        Assert.Equal(
            [$"pull r.co/a@{MemoryStore.DigestOf('a')}", $"pull r.co/b@{MemoryStore.DigestOf('b')}"], _store.Calls.Take(2).Order());
        Assert.Equal(1, _journal.Begun);
        Assert.Empty(_journal.Left);
    }

    [Fact]
    public async Task What_was_up_to_date_stays_so_when_another_one_fails()
    {
        _store.AddRemote("r.co/a", 'a');
        _store.AddLocal("a", 'a');

        var outcomes = await PullAsync(Runs.Pull("r.co/a", "a"), Runs.Pull("r.co/b", "b"));

        Assert.Equal([RetagStatus.UpToDate, RetagStatus.Failed], outcomes.Select(outcome => outcome.Result.Status));
    }

    [Fact]
    public async Task Names_that_moved_are_put_back_when_one_cannot_be_moved()
    {
        var old = _content.AddImage("b.co/x", "old");
        foreach (var name in new[] { "x", "y", "z" })
            _content.AddImage($"a.co/{name}", name);
        _content.OnName = name =>
        {
            if (name.Repository == "y")
                throw new CraneException(CraneErrorId.PushFailed, "The tag is immutable.");
        };

        var outcomes = await CopyAsync("x", "y", "z");

        Assert.Equal(old.Descriptor.Digest, _content.TagDigest("b.co/x"));
        Assert.Null(_content.TagDigest("b.co/y"));
        Assert.Null(_content.TagDigest("b.co/z"));
        Assert.Equal([RetagStatus.Canceled, RetagStatus.Failed, RetagStatus.Canceled], outcomes.Select(outcome => outcome.Result.Status));
        Assert.Equal("stack kept as it was: 'b.co/y' failed", outcomes[2].Result.Reason);
        Assert.Contains("immutable", Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Message, StringComparison.Ordinal);
        Assert.Empty(_journal.Left);
    }

    [Fact]
    public async Task A_name_that_cannot_be_put_back_has_failed_and_says_what_it_is_now()
    {
        foreach (var name in new[] { "x", "y" })
            _content.AddImage($"a.co/{name}", name);
        _content.OnName = name =>
        {
            if (name.Repository == "y" || _content.TagDigest("b.co/x") is not null)
                throw new CraneException(CraneErrorId.PushFailed, "No.", "Ask for it.");
        };

        var outcomes = await CopyAsync("x", "y");

        Assert.NotNull(_content.TagDigest("b.co/x"));
        Assert.All(outcomes, outcome => Assert.Equal(RetagStatus.Failed, outcome.Result.Status));
        var stuck = outcomes[0];
        Assert.Equal("'b.co/x' could not be put back to nothing: No.", stuck.Error?.Message);
        Assert.Equal("Ask for it.", stuck.Error?.RecommendedAction);
        Assert.Equal((_content.TagDigest("b.co/x")?.ToString(), "none"), (stuck.Result.Digest, stuck.Result.PreviousDigest));
        Assert.Equal((null, "No."), (outcomes[1].Result.Digest, outcomes[1].Error?.Message));
    }

    [Fact]
    public async Task A_plan_without_a_group_does_not_wait_for_one()
    {
        _store.AddRemote("r.co/c", 'c');
        var grouped = CheckedMove.Check(new RetagPlan
        {
            Operation = RetagOperation.Pull,
            Source = "r.co/missing",
            Target = "missing",
            AtomicGroup = "core",
        });

        var outcomes = await PullAsync(isAtomic: false, grouped, Runs.Pull("r.co/c", "c"));

        Assert.Equal([RetagStatus.Failed, RetagStatus.Succeeded], outcomes.Select(outcome => outcome.Result.Status));
    }

    [Fact]
    public async Task A_gate_that_refuses_keeps_the_name()
    {
        _store.AddRemote("r.co/a", 'a');
        _store.AddLocal("a", '1');
        var gate = new Gate(_ => throw new CraneException(CraneErrorId.GateFailed, "12 vulnerabilities."));

        var outcome = Assert.Single(await RunAsync(new() { Gate = gate }, [Runs.Pull("r.co/a", "a")]));

        Assert.Equal((RetagStatus.Failed, CraneErrorId.GateFailed), (outcome.Result.Status, outcome.Error?.Id));
        Assert.Equal("id-1", _store.LocalId("a"));
        Assert.Equal($"r.co/a@{MemoryStore.DigestOf('a')}", gate.Images.Single().ToString());
    }

    [Fact]
    public async Task A_gate_is_not_asked_for_what_is_up_to_date()
    {
        _store.AddRemote("r.co/a", 'a');
        _store.AddLocal("a", 'a');
        var gate = new Gate(_ => throw new CraneException(CraneErrorId.GateFailed, "No."));

        Assert.Equal(RetagStatus.UpToDate, Assert.Single(await RunAsync(new() { Gate = gate }, [Runs.Pull("r.co/a", "a")])).Result.Status);
    }

    [Fact]
    public async Task An_interrupted_run_is_finished_by_the_next_one()
    {
        _store.AddLocal("a", '1');
        _store.AddLocal("b", '2');
        _store.AddLocal("new-a", 'a');
        _journal.Leave("memory", ("a", "id-1", "id-a"), ("c", null, "id-a"));
        _store.AddRemote("r.co/b", 'b');

        await PullAsync(Runs.Pull("r.co/b", "b"));

        Assert.Equal(("id-a", "id-a", "id-b"), (_store.LocalId("a"), _store.LocalId("c"), _store.LocalId("b")));
        Assert.Empty(_journal.Left);
    }

    [Fact]
    public async Task A_name_that_somebody_else_has_changed_since_is_left_alone()
    {
        _store.AddLocal("a", '3');
        _journal.Leave("memory", ("a", "id-1", "id-a"), ("b", null, "id-a"));

        await PullAsync();
        await PullAsync(Runs.Pull("r.co/none", "none"));

        Assert.Equal(("id-3", "id-a"), (_store.LocalId("a"), _store.LocalId("b")));
    }

    private Task<IReadOnlyList<RunOutcome>> PullAsync(params CheckedMove[] moves) => PullAsync(isAtomic: true, moves);

    private Task<IReadOnlyList<RunOutcome>> PullAsync(bool isAtomic, params CheckedMove[] moves) =>
        RunAsync(new() { IsAtomic = isAtomic }, moves);

    private Task<IReadOnlyList<RunOutcome>> RunAsync(Options options, CheckedMove[] moves)
    {
        var runs = new Runs(_store);
        return ListAsync(new PlanRunner(new Moving.Engine.EngineMover(_store), runs, runs, options.With(_journal)).RunAsync(moves, Cancellation));
    }

    private Task<IReadOnlyList<RunOutcome>> CopyAsync(params string[] names)
    {
        var runs = new Runs(_store);
        var mover = new ContentMover(new ContentStores(_content, null, () => 0), new TransferOptions(), 8, runs);
        var moves = names.Select(name => CheckedMove.Check(new RetagPlan
        {
            Operation = RetagOperation.Copy,
            Source = $"a.co/{name}",
            Target = $"b.co/{name}",
        })).ToList();
        return ListAsync(new PlanRunner(mover, runs, runs, new Options { IsAtomic = true }.With(_journal)).RunAsync(moves, Cancellation));
    }

    private static async Task<IReadOnlyList<RunOutcome>> ListAsync(IAsyncEnumerable<RunOutcome> run)
    {
        List<RunOutcome> outcomes = [];
        await foreach (var outcome in run)
            outcomes.Add(outcome);
        return outcomes;
    }

    private sealed record Options
    {
        public bool IsAtomic { get; init; }

        public IGate? Gate { get; init; }

        public RunOptions With(IJournal journal) => new(8, Force: false, StopOnError: false)
        {
            IsAtomic = IsAtomic,
            Journal = journal,
            Gate = Gate,
        };
    }

    private sealed class Gate(Action<ImageName> decide) : IGate
    {
        public List<ImageName> Images { get; } = [];

        public bool Guards(RetagPlan plan) => true;

        public Task CheckAsync(MoveContext run, StagedImage image, CancellationToken cancellation)
        {
            Images.Add(image.Image!);
            decide(image.Image!);
            return Task.CompletedTask;
        }
    }

    private sealed class MemoryJournal : IJournal
    {
        public List<JournalEntry> Left { get; } = [];

        public int Begun { get; private set; }

        public void Leave(string store, params (string Name, string? Before, string? After)[] changes) => Left.Add(new JournalEntry(
            store, [.. changes.Select(change => new NameChange(ImageName.Parse(change.Name), change.Before, change.After))]));

        public Task<IAsyncDisposable> BeginAsync(JournalEntry entry, CancellationToken cancellation)
        {
            Begun++;
            Left.Add(entry);
            return Task.FromResult<IAsyncDisposable>(new Ending(() => Left.Remove(entry)));
        }

        public async Task RecoverAsync(string store, Func<JournalEntry, Task> recover, CancellationToken cancellation)
        {
            foreach (var entry in Left.Where(entry => entry.Store == store).ToList())
            {
                await recover(entry);
                Left.Remove(entry);
            }
        }

        private sealed class Ending(Action end) : IAsyncDisposable
        {
            public ValueTask DisposeAsync()
            {
                end();
                return ValueTask.CompletedTask;
            }
        }
    }
}
